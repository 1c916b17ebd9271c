import OpenAI, { AuthenticationError, NotFoundError, RateLimitError } from "openai";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { afterEach, expect, test } from "vitest";
import { secretForKey, startSimulator, type ScenarioInput, type Simulator } from "../src/index.ts";

const running: Simulator[] = [];
afterEach(() => Promise.all(running.splice(0).map((simulator) => simulator.close())));

async function connect(
  scenario: ScenarioInput = {},
  apiKey = secretForKey("first"),
): Promise<OpenAI> {
  const simulator = await startSimulator({ scenario: { keys: { first: {} }, ...scenario } });
  running.push(simulator);
  return new OpenAI({ baseURL: simulator.url, apiKey, maxRetries: 0 });
}

const QUESTION = {
  model: "gpt-5-mini",
  messages: [{ role: "user" as const, content: "Is this a question?" }],
};

test("the official client is answered, the same each time", async () => {
  const client = await connect();
  const completion = await client.chat.completions.create(QUESTION);
  expect(completion).toMatchObject({
    object: "chat.completion",
    model: "gpt-5-mini",
    system_fingerprint: "rota-simulator",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", refusal: null } }],
  });
  const { usage, choices } = completion;
  expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
  expect(choices[0]?.message.content).toMatch(/\.$/);
  const again = await client.chat.completions.create(QUESTION);
  expect(again.choices).toEqual(choices);
  expect(again.id).toBe(completion.id);
});

test("another seed gives another answer", async () => {
  const [one, other] = await Promise.all(
    [1, 2].map(async (seed) => {
      const client = await connect({ seed });
      const { choices } = await client.chat.completions.create(QUESTION);
      return choices[0]?.message.content;
    }),
  );
  expect(one).not.toBe(other);
});

test("a stream carries the text in pieces, and the usage when asked for", async () => {
  const client = await connect();
  const stream = await client.chat.completions.create({
    ...QUESTION,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks: ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
  expect(text).toMatch(/^[A-Z].*\.$/);
  expect(chunks.length).toBeGreaterThan(5);
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 9 } });
});

test("a reply with a schema is valid JSON for it", async () => {
  const client = await connect();
  const completion = await client.chat.completions.create({
    ...QUESTION,
    response_format: {
      type: "json_schema",
      json_schema: {
        name: "triage",
        strict: true,
        schema: {
          type: "object",
          required: ["urgency", "topic"],
          additionalProperties: false,
          properties: { urgency: { enum: ["low", "high"] }, topic: { type: "string" } },
        },
      },
    },
  });
  expect(JSON.parse(completion.choices[0]?.message.content ?? "")).toEqual({
    urgency: expect.stringMatching(/^(low|high)$/),
    topic: expect.any(String),
  });
});

test("a reply longer than its cap is cut, and says so", async () => {
  const client = await connect();
  const completion = await client.chat.completions.create({
    ...QUESTION,
    max_completion_tokens: 3,
  });
  expect(completion.choices[0]).toMatchObject({ finish_reason: "length" });
  expect(completion.choices[0]?.message.content).toHaveLength(12);
  expect(completion.usage?.completion_tokens).toBe(3);
});

test("a long system prompt counts as cached", async () => {
  const client = await connect();
  const system = { role: "system" as const, content: "Be brief. ".repeat(500) };
  const { usage } = await client.chat.completions.create({
    ...QUESTION,
    messages: [system, ...QUESTION.messages],
  });
  expect(usage?.prompt_tokens_details?.cached_tokens).toBe(1_152);
});

test("models are those of the scenario that the key may use", async () => {
  const client = await connect({
    models: ["small", "large"],
    keys: { first: { models: ["small"] } },
  });
  expect((await client.models.list()).data.map((model) => model.id)).toEqual(["small"]);
  expect(await client.models.retrieve("small")).toMatchObject({ id: "small", object: "model" });
  await expect(client.models.retrieve("huge")).rejects.toBeInstanceOf(NotFoundError);
});

test("a model that is not there, or not for this key, is refused", async () => {
  const client = await connect({
    models: ["small", "large"],
    keys: { first: { models: ["small"] } },
  });
  const refusals = ["huge", "large"].map((model) =>
    client.chat.completions.create({ ...QUESTION, model }).catch((error: unknown) => error),
  );
  expect(await Promise.all(refusals)).toMatchObject([
    { status: 404, code: "model_not_found" },
    { status: 403, code: "model_not_found" },
  ]);
});

test("an unknown key is refused, and its ends are echoed as OpenAI does", async () => {
  const client = await connect({}, "sk-abcdefghijklmnop");
  const error: unknown = await client.chat.completions.create(QUESTION).catch((cause) => cause);
  expect(error).toBeInstanceOf(AuthenticationError);
  expect(error).toMatchObject({
    status: 401,
    code: "invalid_api_key",
    requestID: expect.stringMatching(/^req_/),
    message: expect.stringContaining("sk-abcde*******mnop"),
  });
});

test("a request over the limit is told truthfully when to come back", async () => {
  const client = await connect({
    limitGroups: { first: { requestsPerMinute: 1, countRefused: false } },
  });
  await client.chat.completions.create(QUESTION);
  const error: unknown = await client.chat.completions.create(QUESTION).catch((cause) => cause);
  if (!(error instanceof RateLimitError)) throw error;
  expect(error.code).toBe("rate_limit_exceeded");
  expect(error.headers.get("x-ratelimit-limit-requests")).toBe("1");
  expect(error.headers.get("x-ratelimit-remaining-requests")).toBe("0");
  const retryAfterMs = Number(error.headers.get("retry-after-ms"));
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  expect(error.headers.get("retry-after")).toBe(String(Math.ceil(retryAfterMs / 1_000)));
});
