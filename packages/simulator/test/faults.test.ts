import { request, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSimulator, type FaultInput, type Simulator } from "../src/index.ts";
import { ask } from "./ask.ts";
import { ManualClock } from "./manual-clock.ts";

let clock: ManualClock;
let simulator: Simulator;
let isClosed: boolean;
beforeEach(async () => {
  clock = new ManualClock();
  isClosed = false;
  simulator = await startSimulator({ scenario: { unknownKeys: "accept" }, clock });
});
afterEach(() => (isClosed ? undefined : simulator.close()));

async function close(): Promise<void> {
  isClosed = true;
  await simulator.close();
}

test.each<[FaultInput, number, string | null]>([
  [{ kind: "revoked" }, 401, "invalid_api_key"],
  [{ kind: "ip-not-authorized" }, 401, "ip_not_authorized"],
  [{ kind: "permission" }, 403, "insufficient_permissions"],
  [{ kind: "model-not-found" }, 404, "model_not_found"],
  [{ kind: "billing" }, 429, "insufficient_quota"],
  [{ kind: "billing", code: "project_spend_limit_exceeded" }, 429, "project_spend_limit_exceeded"],
  [{ kind: "slow-down" }, 503, "slow_down"],
  [{ kind: "status", status: 502 }, 502, null],
  [{ kind: "context-length" }, 400, "context_length_exceeded"],
  [{ kind: "content-filter" }, 400, "content_filter"],
])("%o refuses with %d %s", async (fault, status, code) => {
  simulator.addFault(fault);
  const response = await ask(simulator);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code, message: expect.any(String) } });
  expect(simulator.stats()).toMatchObject({ accepted: 0, byFault: { [fault.kind]: 1 } });
});

test.each([0, -5, 86_400, "Fri, 31 Dec 2027 23:59:59 GMT", "soon"])(
  "a throttle says `retry-after: %s` as it stands",
  async (retryAfter) => {
    simulator.addFault({ kind: "throttle", retryAfter });
    const response = await ask(simulator);
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe(String(retryAfter));
    expect(await response.json()).toMatchObject({ error: { code: "rate_limit_exceeded" } });
  },
);

test("a throttle without a time has no such header", async () => {
  simulator.addFault({ kind: "throttle" });
  expect((await ask(simulator)).headers.has("retry-after")).toBe(false);
});

test("a status comes with the headers it was given", async () => {
  simulator.addFault({ kind: "status", status: 400, headers: { "x-should-retry": "true" } });
  expect((await ask(simulator)).headers.get("x-should-retry")).toBe("true");
});

test("a redirect points to another origin", async () => {
  simulator.addFault({ kind: "redirect", location: "http://elsewhere.example/v1" });
  const response = await ask(simulator);
  expect(response.status).toBe(307);
  expect(response.headers.get("location")).toBe("http://elsewhere.example/v1");
});

test("a reset breaks the connection before any header", async () => {
  simulator.addFault({ kind: "reset" });
  await expect(ask(simulator)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  expect(simulator.stats()).toMatchObject({ accepted: 1, byStatus: {} });
});

test("a hanging request is accepted, and never answered until the server closes", async () => {
  simulator.addFault({ kind: "hang" });
  const ended = ask(simulator).catch(() => "broken");
  await expect.poll(() => simulator.stats().concurrency.current).toBe(1);
  expect(clock.pending).toBe(0);
  await close();
  expect(await ended).toBe("broken");
});

test("a stalled reply has headers, and no body until the server closes", async () => {
  simulator.addFault({ kind: "stall" });
  const response = await ask(simulator);
  expect(response.status).toBe(200);
  expect(Number(response.headers.get("content-length"))).toBeGreaterThan(100);
  const body = response.text().catch(() => "broken");
  await close();
  expect(await body).toBe("broken");
});

test("a dripping reply comes a byte at a time, and is right in the end", async () => {
  simulator.addFault({ kind: "drip", everyMs: 100 });
  const response = await ask(simulator);
  const length = Number(response.headers.get("content-length"));
  clock.advance(100 * (length - 2));
  expect(simulator.stats().concurrency.current).toBe(1);
  clock.advance(100);
  expect(simulator.stats().concurrency.current).toBe(0);
  expect(await response.json()).toHaveProperty("choices");
});

test("a truncated connection ends before the length it promised", async () => {
  simulator.addFault({ kind: "truncate" });
  const response = await ask(simulator);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow("terminated");
});

test("a truncated stream has neither end nor [DONE]", async () => {
  simulator.addFault({ kind: "truncate", variant: "body" });
  const text = await (await ask(simulator, { stream: true })).text();
  expect(text).toMatch(/^data: /);
  expect(text).not.toContain("[DONE]");
});

test("a truncated body ends well as HTTP, and not as JSON", async () => {
  simulator.addFault({ kind: "truncate", variant: "body" });
  const text = await (await ask(simulator)).text();
  expect(text).toMatch(/^\{"id"/);
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
});

test.each([
  ["empty-object", /^\{\}$/],
  ["html", /^<!doctype html>/],
  ["error-object", /^\{"error":/],
  ["not-json", /^upstream/],
  ["wrong-types", /"choices":\{/],
  ["empty-choices", /"choices":\[\]/],
  ["null-content", /"content":null/],
  ["unasked-stream", /^data: /],
] as const)("a wrong body %s comes with status 200", async (variant, pattern) => {
  simulator.addFault({ kind: "wrong-body", variant });
  const response = await ask(simulator);
  expect(response.status).toBe(200);
  expect(await response.text()).toMatch(pattern);
});

test("a huge body is larger than 16 MiB", async () => {
  simulator.addFault({ kind: "wrong-body", variant: "huge" });
  const text = await (await ask(simulator)).text();
  expect(text.length).toBeGreaterThan(16 * 1024 * 1024);
  expect(JSON.parse(text)).toHaveProperty("choices");
});

test("a gzip bomb is small on the wire and far larger inflated", async () => {
  simulator.addFault({ kind: "wrong-body", variant: "gzip-bomb" });
  const response = await askRaw();
  expect(response.headers["content-encoding"]).toBe("gzip");
  const packed = await buffer(response);
  expect(packed.length).toBeLessThan(1024 * 1024);
  expect(() => gunzipSync(packed, { maxOutputLength: 100 * 1024 * 1024 })).toThrow(
    expect.objectContaining({ code: "ERR_BUFFER_TOO_LARGE" }),
  );
});

test("length and content filter cut the text and say so", async () => {
  const whole = await readMessage();
  simulator.addFault({ kind: "length" });
  const cut = await readMessage();
  expect(cut.finish_reason).toBe("length");
  expect(whole.message.content.startsWith(cut.message.content)).toBe(true);
  expect(cut.message.content.length).toBeLessThan(whole.message.content.length);
  simulator.addFault({ kind: "content-filter", variant: "finish-reason" });
  expect(await readMessage()).toEqual({ ...cut, finish_reason: "content_filter" });
});

test("a refusal takes the place of the content", async () => {
  simulator.addFault({ kind: "content-filter", variant: "refusal" });
  expect(await readMessage()).toMatchObject({
    finish_reason: "stop",
    message: { content: null, refusal: expect.any(String) },
  });
});

interface Choice {
  readonly finish_reason: string;
  readonly message: { readonly content: string };
}

async function readMessage(): Promise<Choice> {
  const { choices }: { choices: [Choice] } = JSON.parse(await (await ask(simulator)).text());
  return choices[0];
}

/** Unlike `fetch`, this inflates nothing. */
function askRaw(): Promise<IncomingMessage> {
  const body = JSON.stringify({ model: "gpt-5", messages: [{ role: "user", content: "Hello" }] });
  return new Promise((resolve, reject) => {
    const call = request(`${simulator.url}/chat/completions`, { method: "POST" }, resolve);
    call.on("error", reject).end(body);
  });
}
