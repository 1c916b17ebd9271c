import { sleep, type Clock } from "../../src/vocabulary/clock.ts";
import type { Provider, SendOutcome } from "../../src/vocabulary/provider.ts";
import type { LoggedSend, ReadRevocation } from "./send-log.ts";
import type { SimulatedServer } from "./simulated-server.ts";
import type { LifePlan } from "./trial.ts";

/** What a process shares with the world while it lives. */
export interface Lifeline {
  readonly number: number;
  readonly plan: LifePlan;
  readonly clock: Clock;
  readonly startedAt: number;
  /** False from the moment of its death: what it then still does, it does for nobody. */
  readonly isAlive: () => boolean;
  /** To be told of each send and answer. The process may die of it. */
  readonly onSend: (send: LoggedSend) => void;
  readonly onAnswer: (send: LoggedSend) => void;
  readonly onClose: () => void;
}

/** Leads from one process to the server. A dead process sends nothing, and hears nothing. */
export class SimulatedProvider implements Provider {
  readonly #life: Lifeline;
  readonly #server: SimulatedServer;
  readonly #sends: LoggedSend[];
  readonly #revocations: ReadRevocation[];

  constructor(
    life: Lifeline,
    server: SimulatedServer,
    logs: { readonly sends: LoggedSend[]; readonly revocations: ReadRevocation[] },
  ) {
    this.#life = life;
    this.#server = server;
    this.#sends = logs.sends;
    this.#revocations = logs.revocations;
  }

  async send(...[request, key, { signal }]: Parameters<Provider["send"]>): Promise<SendOutcome> {
    const { clock, number: life, plan, startedAt, isAlive, onAnswer, onSend } = this.#life;
    if (!isAlive()) return untilAborted(signal);
    const sentAt = clock.now();
    const prompt = request.messages.at(-1)?.content ?? "";
    const send: LoggedSend = {
      life,
      key: key.name,
      prompt,
      sentAt,
      end: undefined,
      endedAt: undefined,
      endedAtDeath: false,
    };
    this.#sends.push(send);
    const elapsedMs = sentAt - startedAt;
    const { latencyMs, outcome, end } = this.#server.treat(request, key.name, {
      plan,
      now: sentAt,
      elapsedMs,
    });
    onSend(send);
    await sleep(clock, latencyMs, { signal });
    if (!isAlive()) return untilAborted(signal);
    send.end = end;
    send.endedAt = clock.now();
    if (outcome.kind === "failed" && outcome.failure.class === "key-revoked") {
      this.#revocations.push({ life, key: key.name, at: clock.now() });
    }
    onAnswer(send);
    return outcome;
  }

  async close(): Promise<void> {
    this.#life.onClose();
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
