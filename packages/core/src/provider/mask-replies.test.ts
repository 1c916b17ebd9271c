import { expect, test } from "vitest";
import { makeKey } from "../../testing/reply-server.ts";
import type { Failure, Provider, Reply, SendOutcome } from "../vocabulary/provider.ts";
import { createSecretMask } from "../vocabulary/redaction.ts";
import { maskReplies } from "./mask-replies.ts";

const SECRET = "Zq7vCanary51ab04ce77Rm9f";
const key = makeKey("http://127.0.0.1:9/v1", SECRET);
const REPLY: Reply = {
  text: "It is urgent.",
  finishReason: "stop",
  usage: undefined,
};
const REFUSED: Failure = {
  class: "caller-fault",
  code: "refused",
  message: "the model refused",
  status: 200,
  providerCode: undefined,
  requestId: undefined,
  retryAfterMs: undefined,
  mayHaveBeenProcessed: true,
};

async function send(outcome: SendOutcome) {
  const maskedOn: string[] = [];
  const provider: Provider = { send: async () => outcome, close: async () => {} };
  const masking = maskReplies(provider, createSecretMask([key.secret]), (name) => {
    maskedOn.push(name);
  });
  const request = { model: "gpt-5-mini", messages: [], output: { kind: "text" } } as const;
  return { outcome: await masking.send(request, key, { timeoutMs: 1_000 }), maskedOn };
}

const replied = (reply: Partial<Reply>): SendOutcome => {
  return { kind: "replied", reply: { ...REPLY, ...reply }, rateLimit: undefined };
};

test("a reply without a secret is handed on as it is", async () => {
  const plain = replied({ text: "Use sk-learn with a Bearer token." });
  const { outcome, maskedOn } = await send(plain);
  expect(outcome).toBe(plain);
  expect(maskedOn).toEqual([]);
});

test.for([
  ["its text", replied({ text: `The key is ${SECRET}.` })],
  ["its text, in base64", replied({ text: Buffer.from(`Bearer ${SECRET}`).toString("base64") })],
  ["its text, a fragment", replied({ text: `It ends with ${SECRET.slice(-12)}` })],
  ["its finish reason", replied({ finishReason: SECRET })],
  [
    "a reply that cannot be used",
    {
      kind: "failed",
      failure: { ...REFUSED, paid: { text: `Never ${SECRET}`, usage: undefined } },
      rateLimit: undefined,
    },
  ],
] as const)("a secret is masked and told that stands in %s", async ([, hostile]) => {
  const { outcome, maskedOn } = await send(hostile);
  expect(JSON.stringify(outcome)).toContain("[redacted]");
  expect(JSON.stringify(outcome)).not.toContain(SECRET.slice(0, 6));
  expect(JSON.stringify(outcome)).not.toContain(SECRET.slice(-12));
  expect(maskedOn).toEqual(["test"]);
});
