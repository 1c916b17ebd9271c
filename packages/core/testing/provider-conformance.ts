import { expect, test } from "vitest";
import type { ModelRequest } from "../src/vocabulary/model-request.ts";
import type { NamedKey } from "../src/vocabulary/named-key.ts";
import type { Provider, SendOutcome } from "../src/vocabulary/provider.ts";

/** What a server can be told to do with the next request. */
export type Situation =
  | "content-filtered"
  | "context-too-long"
  | "fails"
  | "hangs"
  | "key-revoked"
  | "no-money"
  | "replies"
  | "throttles";

/** A provider and a server that it can be tried on. */
export interface ProviderBed extends AsyncDisposable {
  readonly provider: Provider;
  /** A key on which the next request meets the situation. */
  arrange(situation: Situation): NamedKey;
}

const REQUEST: ModelRequest = {
  model: "gpt-5-mini",
  messages: [{ role: "user", content: "Is the ticket urgent?" }],
  maxOutputTokens: 50,
  output: { kind: "text" },
};

/** Far more than a server on this machine needs. */
const AMPLE_MS = 20_000;

/** What every provider has to do, whatever it speaks to. */
export function testProvider(name: string, startBed: () => Promise<ProviderBed>): void {
  const sendIn = async (situation: Situation, timeoutMs = AMPLE_MS): Promise<SendOutcome> => {
    await using bed = await startBed();
    return await bed.provider.send(REQUEST, bed.arrange(situation), { timeoutMs });
  };

  test(`${name}: hands over text, finish reason and usage`, async () => {
    expect(await sendIn("replies")).toMatchObject({
      kind: "replied",
      reply: {
        text: expect.stringMatching(/\S/),
        finishReason: "stop",
        usage: {
          inputTokens: expect.toSatisfy((count: number) => count > 0),
          outputTokens: expect.toSatisfy((count: number) => count > 0),
        },
      },
    });
  });

  test.for([
    ["throttles", "throttled", "unavailable"],
    ["key-revoked", "key-revoked", "unavailable"],
    ["no-money", "billing-organization", "unavailable"],
    ["fails", "transient", "unavailable"],
    ["context-too-long", "caller-fault", "context-too-long"],
    ["content-filtered", "caller-fault", "content-filtered"],
  ] as const)(`${name}: when the server %s, the failure is %s: %s`, async ([situation, ...is]) => {
    const [failureClass, code] = is;
    expect(await sendIn(situation)).toMatchObject({
      kind: "failed",
      failure: { class: failureClass, code, message: expect.stringMatching(/\S/) },
    });
  });

  test(`${name}: gives up on a server that hangs, not knowing what it did`, async () => {
    expect(await sendIn("hangs", 100)).toMatchObject({
      kind: "failed",
      failure: { class: "transient", code: "timed-out", mayHaveBeenProcessed: true },
    });
  });

  test(`${name}: throws the signal's reason when it aborts`, async () => {
    await using bed = await startBed();
    const controller = new AbortController();
    const key = bed.arrange("hangs");
    const options = { timeoutMs: AMPLE_MS, signal: controller.signal };
    const sending = bed.provider.send(REQUEST, key, options);
    const reason = new Error("the run stops");
    setImmediate(() => controller.abort(reason));
    await expect(sending).rejects.toBe(reason);
  });

  test(`${name}: sends nothing once the signal has aborted`, async () => {
    await using bed = await startBed();
    const reason = new Error("the run has stopped");
    const options = { timeoutMs: AMPLE_MS, signal: AbortSignal.abort(reason) };
    await expect(bed.provider.send(REQUEST, bed.arrange("replies"), options)).rejects.toBe(reason);
  });

  test(`${name}: is ready for the next call after a failed one`, async () => {
    await using bed = await startBed();
    await bed.provider.send(REQUEST, bed.arrange("hangs"), { timeoutMs: 50 });
    const key = bed.arrange("replies");
    const outcome = await bed.provider.send(REQUEST, key, { timeoutMs: AMPLE_MS });
    expect(outcome.kind).toBe("replied");
  });
}
