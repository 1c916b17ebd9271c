import { describe, expect, test } from "vitest";
import { VirtualClock } from "../clock/virtual-clock.ts";
import type { ModelRequest } from "../vocabulary/model-request.ts";
import type { NamedKey } from "../vocabulary/named-key.ts";
import { Secret } from "../vocabulary/secret.ts";
import { reply } from "../../testing/modelled-provider.ts";
import { holdToPort } from "./hold-to-port.ts";

const REQUEST: ModelRequest = {
  model: "gpt-5-mini",
  messages: [{ role: "user", content: "Is the ticket urgent?" }],
  maxOutputTokens: 50,
  output: { kind: "text" },
};
const KEY: NamedKey = {
  name: "main",
  secret: new Secret("none"),
  limitGroup: "main",
  endpoint: { baseUrl: "http://127.0.0.1/v1", organization: undefined, project: undefined },
  models: undefined,
};

/** What a provider that a program handed in may do: anything. */
function sendTo(send: () => unknown, signal?: AbortSignal) {
  const clock = new VirtualClock();
  const close = async () => {};
  const provider = holdToPort(Object({ send, close }), clock);
  const sending = provider.send(REQUEST, KEY, { timeoutMs: 5_000, signal });
  return { clock, sending };
}

const answered = (answer: unknown) => sendTo(async () => answer).sending;

test("a provider that never answers has failed in time, and nobody knows what it did", async () => {
  const { clock, sending } = sendTo(() => new Promise(() => {}));
  await clock.runUntil(sending);
  expect(await sending).toMatchObject({
    kind: "failed",
    failure: { class: "transient", code: "timed-out", mayHaveBeenProcessed: true },
  });
});

test("a provider that does not listen to the signal is left with the signal's reason", async () => {
  const controller = new AbortController();
  const { sending } = sendTo(() => new Promise(() => {}), controller.signal);
  const reason = new Error("the run stops");
  controller.abort(reason);
  await expect(sending).rejects.toBe(reason);
});

test("what a provider throws is a fault of the program, which is shown it", async () => {
  const { sending } = sendTo(() => Promise.reject(new Error("no such host")));
  await expect(sending).rejects.toThrow("no such host");
});

describe("an answer", () => {
  test("in the form of an outcome is handed on as it is", async () => {
    expect(await answered(reply("yes"))).toEqual(reply("yes"));
  });

  test.each([
    [undefined, /^the provider that was handed in .* its answer/],
    ["yes", /its answer/],
    [{ kind: "done" }, /"kind" of its answer is neither "replied" nor "failed"$/],
    [{ kind: "replied" }, /"reply" of its answer/],
    [{ kind: "replied", reply: { text: 5 } }, /"reply.text" of its answer is no text$/],
    [{ kind: "replied", reply: { text: " \n" } }, /"reply.text" of its answer is empty$/],
    [{ kind: "failed", failure: { class: "odd" } }, /"failure.class" .* is no class of failures$/],
  ])("that is %j fails its call, told what is wrong with it", async (answer, message) => {
    expect(await answered(answer)).toMatchObject({
      kind: "failed",
      failure: {
        class: "caller-fault",
        code: "malformed-reply",
        message: expect.stringMatching(message),
        mayHaveBeenProcessed: true,
      },
    });
  });

  test.each([
    { inputTokens: Number.NaN, cachedInputTokens: 0, outputTokens: 1 },
    { inputTokens: -1e9, cachedInputTokens: 0, outputTokens: 1 },
    { inputTokens: "5", cachedInputTokens: 0, outputTokens: 1 },
    { inputTokens: 5, cachedInputTokens: 6, outputTokens: 1 },
    { inputTokens: 5 },
    null,
  ])("with the usage %j is one of unknown usage", async (usage) => {
    const answer = { kind: "replied", reply: { text: "yes", finishReason: "stop", usage } };
    expect(await answered(answer)).toEqual({
      kind: "replied",
      reply: { text: "yes", finishReason: "stop", usage: undefined },
      rateLimit: undefined,
    });
  });

  test("with limits that are no numbers has said nothing of limits", async () => {
    const requests = { limit: Number.NaN, remaining: "5", resetMs: -1 };
    expect(await answered({ ...reply("yes"), rateLimit: { requests, tokens: 7 } })).toMatchObject({
      rateLimit: {
        requests: { limit: undefined, remaining: undefined, resetMs: undefined },
        tokens: undefined,
      },
    });
  });
});
