import { afterEach, beforeEach, expect, test } from "vitest";
import { startSimulator, type ScenarioInput, type Simulator } from "../src/index.ts";
import { ask, type Question } from "./ask.ts";
import { ManualClock } from "./manual-clock.ts";

let clock: ManualClock;
const running: Simulator[] = [];
beforeEach(() => {
  clock = new ManualClock();
});
afterEach(() => Promise.all(running.splice(0).map((simulator) => simulator.close())));

async function start(scenario: ScenarioInput = {}): Promise<Simulator> {
  const simulator = await startSimulator({
    scenario: { unknownKeys: "accept", ...scenario },
    clock,
  });
  running.push(simulator);
  return simulator;
}

test("every answer says that it is simulated", async () => {
  const simulator = await start();
  const { origin } = new URL(simulator.url);
  for (const path of ["/v1/models", "/v1/nothing", "/simulator/stats"]) {
    const response = await fetch(origin + path);
    expect(response.headers.get("x-rota-simulated")).toBe("true");
  }
  expect((await ask(simulator)).headers.get("x-rota-simulated")).toBe("true");
});

test("the base path works with and without /v1, and the key as an api-key header", async () => {
  const simulator = await startSimulator({ scenario: { keys: { first: {} } } });
  running.push(simulator);
  const { origin } = new URL(simulator.url);
  for (const base of [origin, `${origin}/v1`]) {
    const response = await fetch(`${base}/models`, { headers: { "api-key": "sk-sim-first" } });
    expect(response.status).toBe(200);
  }
  expect((await fetch(`${origin}/models`)).status).toBe(401);
});

test("a reply takes the latency and the time of its tokens", async () => {
  const simulator = await start({ latency: { kind: "fixed", ms: 500, perOutputTokenMs: 10 } });
  const pending = ask(simulator, { max_completion_tokens: 3 });
  await clock.whenScheduled();
  clock.advance(529);
  expect(simulator.stats().concurrency).toEqual({ current: 1, maximum: 1 });
  clock.advance(1);
  expect(simulator.stats().concurrency).toEqual({ current: 0, maximum: 1 });
  expect((await pending).headers.get("openai-processing-ms")).toBe("530");
});

test("latencies are drawn anew for each request, and the same in each run", async () => {
  const scenario = { latency: { kind: "lognormal", medianMs: 400 } } as const;
  const measure = async () => {
    const simulator = await start(scenario);
    const latencies: (string | null)[] = [];
    for (let index = 0; index < 3; index += 1) {
      const pending = ask(simulator);
      await clock.whenScheduled();
      clock.advance(60_000);
      latencies.push((await pending).headers.get("openai-processing-ms"));
    }
    return latencies;
  };
  const latencies = await measure();
  expect(new Set(latencies).size).toBe(3);
  expect(await measure()).toEqual(latencies);
});

test("a client that goes away gives back its place in flight", async () => {
  const simulator = await start({
    limitGroups: { unknown: { concurrency: 1 } },
    latency: { kind: "fixed", ms: 1_000 },
  });
  const controller = new AbortController();
  const left = ask(simulator, { signal: controller.signal });
  await clock.whenScheduled();
  expect((await ask(simulator)).status).toBe(429);
  controller.abort();
  await expect(left).rejects.toThrow("abort");
  await expect.poll(() => simulator.stats().concurrency.current).toBe(0);
  expect(clock.pending).toBe(0);
  const next = ask(simulator);
  await clock.whenScheduled();
  clock.advance(1_000);
  expect((await next).status).toBe(200);
});

test("tokens are charged at admission, by the larger of prompt and cap or by their sum", async () => {
  for (const [tokenCharge, remaining] of [
    ["larger", "900"],
    ["sum", "890"],
  ] as const) {
    const simulator = await start({
      limitGroups: { unknown: { tokensPerMinute: 1_000, tokenCharge } },
    });
    const response = await ask(simulator, { prompt: "x".repeat(40), max_tokens: 100 });
    expect(response.headers.get("x-ratelimit-remaining-tokens")).toBe(remaining);
  }
});

test("a charge above the whole limit is refused without a time to come back", async () => {
  const simulator = await start({ limitGroups: { unknown: { tokensPerMinute: 50 } } });
  const response = await ask(simulator, { max_completion_tokens: 51 });
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBeNull();
  expect(await response.json()).toMatchObject({
    error: { type: "tokens", code: "rate_limit_exceeded" },
  });
});

test.each<[string, Question, object]>([
  ["no model", { model: undefined }, { param: "model" }],
  ["no messages", { messages: [] }, { param: "messages", code: "missing_required_parameter" }],
  ["a message of no role", { messages: [{}] }, { param: "messages[0].role" }],
  ["several choices", { n: 2 }, { param: "n" }],
  ["an output cap of nothing", { max_tokens: 0 }, { code: "integer_below_min_value" }],
  [
    "a schema that is none",
    { response_format: { type: "json_schema" } },
    { param: "response_format" },
  ],
  [
    "a schema that cannot be answered",
    { response_format: { type: "json_schema", json_schema: { schema: { type: "text" } } } },
    { code: "invalid_json_schema" },
  ],
])("a request with %s is invalid", async (_, question, error) => {
  const response = await ask(await start(), question);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { type: "invalid_request_error", ...error },
  });
});

test("a body that is not JSON is invalid", async () => {
  const { url } = await start();
  const response = await fetch(`${url}/chat/completions`, { method: "POST", body: "{" });
  expect(response.status).toBe(400);
});

test("the statistics account for every request, and count what was answered twice", async () => {
  const simulator = await start({ keys: { first: {} }, unknownKeys: "refuse" });
  for (const prompt of ["one", "two", "one", "one"])
    await ask(simulator, { prompt, key: "sk-sim-first" });
  clock.advance(5_000);
  await ask(simulator, { key: "sk-sim-first", messages: [] });
  await ask(simulator, { prompt: "three", key: "wrong" });
  await ask(simulator, { prompt: "three", key: "sk-sim-first" });
  const { origin } = new URL(simulator.url);
  const stats: unknown = await (await fetch(`${origin}/simulator/stats`)).json();
  expect(stats).toEqual(simulator.stats());
  expect(stats).toMatchObject({
    received: 7,
    accepted: 5,
    refused: { missing_required_parameter: 1, invalid_api_key: 1 },
    byKey: {
      first: { received: 6, accepted: 5, refused: 1 },
      unknown: { received: 1, accepted: 0, refused: 1 },
    },
    byStatus: { 200: 5, 400: 1, 401: 1 },
    repeats: { requests: 2, largestCount: 3 },
    firstAcceptedAt: 0,
    lastAcceptedAt: 5_000,
  });
});

test("a key can be revoked while the server runs, until a reset", async () => {
  const simulator = await start({ keys: { first: {} } });
  const { origin } = new URL(simulator.url);
  const key = "sk-sim-first";
  const post = (path: string, body?: object) =>
    fetch(`${origin}/simulator/${path}`, { method: "POST", body: JSON.stringify(body) });

  expect((await post("faults", { kind: "revoked", key: "first" })).status).toBe(201);
  expect((await ask(simulator, { key })).status).toBe(401);
  const headers = { authorization: `Bearer ${key}` };
  expect((await fetch(`${simulator.url}/models`, { headers })).status).toBe(401);
  expect((await post("reset")).status).toBe(200);
  expect((await ask(simulator, { key })).status).toBe(200);
  expect(simulator.stats().received).toBe(1);
});

test("a fault that cannot be is refused with its problems", async () => {
  const simulator = await start();
  const { origin } = new URL(simulator.url);
  const body = JSON.stringify({ kind: "revoked", key: "nobody" });
  const response = await fetch(`${origin}/simulator/faults`, { method: "POST", body });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('there is no key \\"nobody\\"');
  expect(() => simulator.addFault({ kind: "hang", key: "nobody" })).toThrow("nobody");
});

test("the scenario can be read back, without secrets", async () => {
  const { url } = await start({ keys: { first: { secret: "not-to-be-seen" } } });
  const text = await (await fetch(`${new URL(url).origin}/simulator/scenario`)).text();
  expect(JSON.parse(text)).toMatchObject({ simulator: "rota-simulator", keys: { first: {} } });
  expect(text).not.toContain("not-to-be-seen");
});
