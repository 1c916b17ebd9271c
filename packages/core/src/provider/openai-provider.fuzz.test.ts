import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { systemClock } from "../clock/system-clock.ts";
import type { ModelRequest } from "../vocabulary/model-request.ts";
import { CALL_ERROR_CODES, type SendOutcome } from "../vocabulary/provider.ts";
import { createOpenAiProvider } from "./openai-provider.ts";
import { makeCompletion, startReplyServer } from "../../testing/reply-server.ts";

/** Each run is one request to a server on this machine. */
const RUNS = 300;
const TIMEOUT_MS = 100;

const request: ModelRequest = {
  model: "gpt-5-mini",
  messages: [{ role: "user", content: "Is the ticket urgent?" }],
  output: { kind: "text" },
};

const completion = fc.oneof(fc.string(), fc.jsonValue()).map((content) => makeCompletion(content));
const error = fc.record(
  { message: fc.jsonValue(), code: fc.jsonValue(), type: fc.jsonValue() },
  { requiredKeys: [] },
);
const body = fc.oneof(
  completion.map((value) => JSON.stringify(value)),
  completion.map((value) => `data: ${JSON.stringify(value)}\n\n`),
  error.map((value) => JSON.stringify({ error: value })),
  fc.json(),
  fc.string(),
  fc.constant("<!doctype html><title>502</title>"),
  fc.constant("[".repeat(100_000)),
  fc.constant(`{"error":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`),
);
const headerText = fc.stringMatching(/^[\x21-\x7e]{0,30}$/);
const headers = fc.dictionary(
  fc.constantFrom(
    "content-type",
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
    "x-request-id",
    "x-ratelimit-remaining-tokens",
    "x-ratelimit-reset-requests",
    "location",
  ),
  headerText,
);
const reply = fc.record({
  status: fc.oneof(fc.constant(200), fc.integer({ min: 200, max: 599 })),
  headers,
  body,
  /** How the body arrives. */
  delivery: fc.oneof(
    { weight: 4, arbitrary: fc.constant("whole") },
    { weight: 4, arbitrary: fc.constantFrom("gzip", "not-gzip", "cut", "reset") },
    // Each of these takes the whole time-out.
    { weight: 1, arbitrary: fc.constant("stalled") },
  ),
});

test("whatever a server replies, a send ends in time, with text or with one of the known errors", async () => {
  let next: typeof reply extends fc.Arbitrary<infer Reply> ? Reply : never;
  await using server = await startReplyServer((response) => {
    const bytes = Buffer.from(next.body);
    response.on("error", () => {});
    if (next.delivery.endsWith("gzip")) response.setHeader("content-encoding", "gzip");
    if (next.delivery === "cut") response.setHeader("content-length", bytes.length + 1);
    response.writeHead(next.status, next.headers);
    if (next.delivery === "gzip") response.end(gzipSync(bytes));
    else if (next.delivery === "reset")
      response.write(bytes, () => response.socket?.resetAndDestroy());
    else if (next.delivery === "cut") response.write(bytes, () => response.socket?.end());
    else if (next.delivery === "stalled") response.write(bytes);
    else response.end(bytes);
  });
  const provider = createOpenAiProvider({ clock: systemClock, redact: (text) => text });

  await fc.assert(
    fc.asyncProperty(reply, async (value) => {
      next = value;
      const outcome = await provider.send(request, server.key, { timeoutMs: TIMEOUT_MS });
      expect(findBreach(outcome, value.status)).toBeUndefined();
    }),
    { numRuns: RUNS },
  );
  await provider.close();
}, 60_000);

/** What the port does not allow of this outcome. */
function findBreach(outcome: SendOutcome, status: number): string | undefined {
  if (outcome.kind === "replied") {
    if (outcome.reply.text.trim() === "") return "replied without text";
    return status < 300 ? undefined : `replied with status ${status}`;
  }
  const { code, message, retryAfterMs = 0 } = outcome.failure;
  if (!CALL_ERROR_CODES.includes(code)) return `an unknown error: ${code}`;
  if (message === "") return "an error without a message";
  return retryAfterMs >= 0 ? undefined : "a wait that ended before it began";
}
