import { LLMock } from "@copilotkit/aimock";
import { type FaultInput, secretForKey, startSimulator } from "@rota/simulator";
import { expect, test } from "vitest";
import { systemClock } from "../clock/system-clock.ts";
import { makeKey } from "../../testing/reply-server.ts";
import { createOpenAiProvider } from "./openai-provider.ts";
import { type Situation, testProvider } from "../../testing/provider-conformance.ts";

const createProvider = () => createOpenAiProvider({ clock: systemClock, redact: (text) => text });

const FAULTS: Readonly<Record<Exclude<Situation, "replies">, FaultInput>> = {
  "content-filtered": { kind: "content-filter" },
  "context-too-long": { kind: "context-length" },
  fails: { kind: "status", status: 500 },
  hangs: { kind: "hang" },
  "key-revoked": { kind: "revoked" },
  "no-money": { kind: "billing" },
  throttles: { kind: "throttle" },
};

testProvider("simulator", async () => {
  const provider = createProvider();
  const simulator = await startSimulator();
  return {
    provider,
    arrange(situation) {
      simulator.reset();
      if (situation !== "replies") simulator.addFault(FAULTS[situation]);
      return makeKey(simulator.url, secretForKey("a"));
    },
    async [Symbol.asyncDispose]() {
      await provider.close();
      await simulator.close();
    },
  };
});

const REFUSALS: Readonly<Record<Exclude<Situation, "hangs" | "replies">, [number, string]>> = {
  "content-filtered": [400, "content_filter"],
  "context-too-long": [400, "context_length_exceeded"],
  fails: [500, "server_error"],
  "key-revoked": [401, "invalid_api_key"],
  "no-money": [429, "insufficient_quota"],
  throttles: [429, "rate_limit_exceeded"],
};

// Written by others, so it shares none of the mistakes that this project may have made twice.
testProvider("aimock", async () => {
  const provider = createProvider();
  const mock = await LLMock.create({ host: "127.0.0.1", port: 0 });
  return {
    provider,
    arrange(situation) {
      mock.clearFixtures();
      mock.setChaos({ latencyMs: situation === "hangs" ? 5_000 : 0 });
      if (situation === "replies" || situation === "hangs") {
        const usage = { prompt_tokens: 9, completion_tokens: 4 };
        mock.onMessage(/./, { content: "It is urgent.", usage });
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

test.each<[FaultInput, string, string]>([
  [{ kind: "ip-not-authorized" }, "environment", "unavailable"],
  [{ kind: "redirect" }, "environment", "unavailable"],
  [{ kind: "permission" }, "model-not-allowed", "unavailable"],
  [{ kind: "model-not-found" }, "model-not-allowed", "unavailable"],
  [{ kind: "slow-down" }, "ramp-too-steep", "unavailable"],
  [{ kind: "billing", code: "project_spend_limit_exceeded" }, "billing-project", "unavailable"],
  [{ kind: "content-filter", variant: "finish-reason" }, "caller-fault", "content-filtered"],
  [{ kind: "content-filter", variant: "refusal" }, "caller-fault", "refused"],
  [{ kind: "wrong-body", variant: "empty-object" }, "caller-fault", "malformed-reply"],
  [{ kind: "wrong-body", variant: "html" }, "caller-fault", "malformed-reply"],
  [{ kind: "wrong-body", variant: "error-object" }, "caller-fault", "malformed-reply"],
  [{ kind: "wrong-body", variant: "not-json" }, "caller-fault", "malformed-reply"],
  [{ kind: "wrong-body", variant: "wrong-types" }, "caller-fault", "malformed-reply"],
  [{ kind: "wrong-body", variant: "empty-choices" }, "caller-fault", "malformed-reply"],
  [{ kind: "wrong-body", variant: "null-content" }, "caller-fault", "malformed-reply"],
  [{ kind: "wrong-body", variant: "huge" }, "caller-fault", "malformed-reply"],
  [{ kind: "wrong-body", variant: "gzip-bomb" }, "caller-fault", "malformed-reply"],
  [{ kind: "wrong-body", variant: "unasked-stream" }, "caller-fault", "malformed-reply"],
  [{ kind: "reset" }, "transient", "unavailable"],
  [{ kind: "truncate", variant: "connection" }, "transient", "unavailable"],
  [{ kind: "truncate", variant: "body" }, "transient", "unavailable"],
  [{ kind: "stall" }, "transient", "timed-out"],
  [{ kind: "drip", everyMs: 10 }, "transient", "timed-out"],
])("a fault of the simulator, %j, is %s: %s", async (fault, failureClass, code) => {
  const provider = createProvider();
  const simulator = await startSimulator();
  simulator.addFault(fault);
  const outcome = await provider.send(
    {
      model: "gpt-5-mini",
      messages: [{ role: "user", content: "Is the ticket urgent?" }],
      output: { kind: "text" },
    },
    makeKey(simulator.url, secretForKey("a")),
    { timeoutMs: code === "timed-out" ? 100 : 20_000 },
  );
  await provider.close();
  await simulator.close();
  expect(outcome).toMatchObject({ kind: "failed", failure: { class: failureClass, code } });
});
