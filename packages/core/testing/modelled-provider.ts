import { sleep, type Clock } from "../src/vocabulary/clock.ts";
import type { Failure, Provider, SendOutcome } from "../src/vocabulary/provider.ts";
import type { Random } from "../src/vocabulary/random.ts";

/** What a modelled model does with one request. */
export type Behaviour = (request: { prompt: string; key: string; attempt: number }) => SendOutcome;

export const USAGE = { inputTokens: 100, cachedInputTokens: 0, outputTokens: 50 };

export function reply(text: string): SendOutcome {
  const answer = { text, finishReason: "stop", usage: USAGE };
  return { kind: "replied", reply: answer, rateLimit: undefined };
}

export function failure(fault: Partial<Failure> & Pick<Failure, "class">): SendOutcome {
  return {
    kind: "failed",
    rateLimit: undefined,
    failure: {
      code: "unavailable",
      message: fault.class,
      status: undefined,
      providerCode: undefined,
      requestId: undefined,
      retryAfterMs: undefined,
      mayHaveBeenProcessed: false,
      ...fault,
    },
  };
}

/** A provider without a network: answers after a second of virtual time, give or take. */
export class ModelledProvider implements Provider {
  readonly sends: { readonly prompt: string; readonly key: string }[] = [];
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #behaviour: Behaviour;

  constructor(clock: Clock, random: Random, behaviour: Behaviour) {
    this.#clock = clock;
    this.#random = random;
    this.#behaviour = behaviour;
  }

  async send(...[request, key, { signal }]: Parameters<Provider["send"]>): Promise<SendOutcome> {
    const prompt = request.messages.at(-1)?.content ?? "";
    const attempt = this.sends.filter((send) => send.prompt === prompt).length + 1;
    this.sends.push({ prompt, key: key.name });
    await sleep(this.#clock, 500 + 1000 * this.#random(), { signal });
    return this.#behaviour({ prompt, key: key.name, attempt });
  }

  async close(): Promise<void> {}
}
