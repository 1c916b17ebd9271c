import { LLMock } from "@copilotkit/aimock";
import { systemClock } from "../clock/system-clock.ts";
import { createOpenAiProvider } from "./openai-provider.ts";
import { type Situation, testProviderConformance } from "./provider-conformance.ts";
import { answerWith, makeCompletion, makeKey, startReplyServer } from "./reply-server.ts";

type Refusals = Readonly<
  Record<Exclude<Situation, "hangs" | "replies">, readonly [number, string]>
>;

const REFUSALS: Refusals = {
  "content-filtered": [400, "content_filter"],
  "context-too-long": [400, "context_length_exceeded"],
  fails: [500, "server_error"],
  "key-revoked": [401, "invalid_api_key"],
  "no-money": [429, "insufficient_quota"],
  throttles: [429, "rate_limit_exceeded"],
};

testProviderConformance("a plain server", async () => {
  const provider = createOpenAiProvider({ clock: systemClock, redact: (text) => text });
  let next: Situation = "replies";
  const server = await startReplyServer((response) => {
    if (next === "replies") return answerWith(response, makeCompletion("It is urgent."));
    if (next === "hangs") return;
    const [status, code] = REFUSALS[next];
    answerWith(response, { error: { code, message: `told to say ${code}` } }, { status });
  });
  return {
    provider,
    arrange(situation) {
      next = situation;
      return server.key;
    },
    async [Symbol.asyncDispose]() {
      await provider.close();
      await server[Symbol.asyncDispose]();
    },
  };
});

testProviderConformance("aimock", async () => {
  const provider = createOpenAiProvider({ clock: systemClock, redact: (text) => text });
  const mock = await LLMock.create({ host: "127.0.0.1", port: 0 });
  return {
    provider,
    arrange(situation) {
      mock.clearFixtures();
      mock.setChaos({ latencyMs: situation === "hangs" ? 5_000 : 0 });
      if (situation === "replies" || situation === "hangs") {
        mock.onMessage(/./, {
          content: "It is urgent.",
          usage: { prompt_tokens: 9, completion_tokens: 4 },
        });
      } else {
        const [status, code] = REFUSALS[situation];
        mock.nextRequestError(status, { code, message: `told to say ${code}` });
      }
      return makeKey(`${mock.url}/v1`);
    },
    async [Symbol.asyncDispose]() {
      await provider.close();
      await mock.stop();
    },
  };
});
