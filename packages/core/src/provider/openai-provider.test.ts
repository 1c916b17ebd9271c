import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { systemClock } from "../clock/system-clock.ts";
import type { ModelRequest } from "../vocabulary/model-request.ts";
import type { NamedKey } from "../vocabulary/named-key.ts";
import type { SendOutcome } from "../vocabulary/provider.ts";
import { createRedaction } from "../vocabulary/redaction.ts";
import { createOpenAiProvider } from "./openai-provider.ts";
import {
  answerWith,
  findPort,
  makeCompletion,
  makeKey,
  startReplyServer,
} from "../../testing/reply-server.ts";

const REQUEST: ModelRequest = {
  model: "gpt-5-mini",
  messages: [{ role: "user", content: "Is the ticket urgent?" }],
  output: { kind: "text" },
};
/** Far more than a server on this machine needs. */
const AMPLE_MS = 20_000;

const COMPLETION = makeCompletion("It is urgent.");
const COMPLETION_TEXT = JSON.stringify(COMPLETION);
const REPLIED = { kind: "replied", reply: { text: "It is urgent." } };

async function send(key: NamedKey, timeoutMs = AMPLE_MS): Promise<SendOutcome> {
  const redact = createRedaction([key.secret]);
  const provider = createOpenAiProvider({ clock: systemClock, redact });
  try {
    return await provider.send(REQUEST, key, { timeoutMs });
  } finally {
    await provider.close();
  }
}

/** Sends to a server that knows no HTTP, and does what it is told with a connection. */
async function sendTo(
  serve: (socket: Socket) => void,
  protocol: "http" | "https" = "http",
  timeoutMs = AMPLE_MS,
): Promise<SendOutcome> {
  const server = createServer((socket) => serve(socket.on("error", () => {})));
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    return await send(makeKey(`${protocol}://127.0.0.1:${findPort(server)}/v1`), timeoutMs);
  } finally {
    server.close();
  }
}

function sendToBytes(bytes: string): Promise<SendOutcome> {
  return sendTo((socket) => socket.once("data", () => socket.end(bytes)));
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("sends the key and the endpoint's organization and project, and nothing of the environment", async () => {
  vi.stubEnv("OPENAI_API_KEY", "sk-of-the-environment");
  vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1");
  vi.stubEnv("OPENAI_ORG_ID", "org-of-the-environment");
  vi.stubEnv("OPENAI_PROJECT_ID", "proj-of-the-environment");
  vi.stubEnv("OPENAI_CUSTOM_HEADERS", "authorization: Bearer sk-of-the-environment\nx-more: 1");
  await using server = await startReplyServer((response) => answerWith(response, COMPLETION));
  const endpoint = { ...server.key.endpoint, project: "proj-of-the-key" };
  await send({ ...server.key, endpoint });

  const [request] = server.requests;
  expect(request?.url).toBe("/v1/chat/completions");
  expect(request?.headers).toMatchObject({
    authorization: "Bearer sk-test-0123456789",
    "openai-project": "proj-of-the-key",
  });
  expect(JSON.stringify(request)).not.toContain("of-the-environment");
  expect(request?.headers).not.toHaveProperty("openai-organization");
  expect(request?.headers).not.toHaveProperty("x-more");
});

test("sends each call its own body, though the headers are built once", async () => {
  await using server = await startReplyServer((response) => answerWith(response, COMPLETION));
  const provider = createOpenAiProvider({ clock: systemClock, redact: (text) => text });
  const contents = ["first", "second", "third"];
  await Promise.all(
    contents.map((content) => {
      const request: ModelRequest = { ...REQUEST, messages: [{ role: "user", content }] };
      return provider.send(request, server.key, { timeoutMs: AMPLE_MS });
    }),
  );
  await provider.close();
  const sent = server.requests.map(({ body }) => JSON.parse(body).messages[0].content);
  expect(new Set(sent)).toEqual(new Set(contents));
});

test("sends each key its own secret under concurrency", async () => {
  await using server = await startReplyServer((response) => answerWith(response, COMPLETION));
  const provider = createOpenAiProvider({ clock: systemClock, redact: (text) => text });
  const secrets = Array.from({ length: 20 }, (_, index) => `sk-key-${index}`);
  const keys = secrets.map((secret) => makeKey(server.key.endpoint.baseUrl, secret));
  await Promise.all(keys.map((key) => provider.send(REQUEST, key, { timeoutMs: AMPLE_MS })));
  await provider.close();
  const sent = server.requests.map(({ headers }) => headers.authorization);
  expect(new Set(sent)).toEqual(new Set(secrets.map((secret) => `Bearer ${secret}`)));
});

test("writes nothing to the console, even if OPENAI_LOG asks for it", async () => {
  vi.stubEnv("OPENAI_LOG", "debug");
  const methods = ["debug", "info", "log", "warn", "error"] as const;
  const spies = methods.map((method) => vi.spyOn(console, method).mockReturnValue());
  await using server = await startReplyServer((response) => answerWith(response, COMPLETION));
  expect(await send(server.key)).toMatchObject(REPLIED);
  expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([]);
});

test("reports the rate limits of replies and of refusals, and the request id of what is refused", async () => {
  const headers = { "x-ratelimit-remaining-requests": "41", "x-request-id": "req_1" };
  let status = 200;
  await using server = await startReplyServer((response) =>
    answerWith(response, COMPLETION, { status, headers }),
  );
  const rateLimit = { requests: { remaining: 41 }, tokens: undefined };
  expect(await send(server.key)).toMatchObject({ kind: "replied", rateLimit });
  status = 429;
  expect(await send(server.key)).toMatchObject({
    failure: { status: 429, requestId: "req_1" },
    rateLimit,
  });
});

test("follows no redirect, and says that the base URL is wrong", async () => {
  await using elsewhere = await startReplyServer((response) => answerWith(response, COMPLETION));
  await using server = await startReplyServer((response) =>
    answerWith(response, "", { status: 307, headers: { location: `${elsewhere.origin}/v1` } }),
  );
  expect(await send(server.key)).toMatchObject({
    failure: { class: "environment", message: expect.stringContaining(elsewhere.origin) },
  });
  expect(elsewhere.requests).toEqual([]);
});

test("takes what the server echoes of the key out of the message, and cuts it", async () => {
  const message = `Incorrect API key:\n  sk-test-0123456789 ${"sk-proj-abcdef ".repeat(100)}`;
  await using server = await startReplyServer((response) =>
    answerWith(response, { error: { code: "invalid_api_key", message } }, { status: 401 }),
  );
  const outcome = await send(server.key);
  if (outcome.kind !== "failed") throw new Error("a 401 was taken for a reply");
  expect(outcome.failure.message).toMatch(/^Incorrect API key: \[redacted\]/);
  expect(outcome.failure.message).not.toContain("sk-");
  expect(outcome.failure.message.length).toBeLessThanOrEqual(500);
});

test.each(["", "two words", "line\nbreak", "ключ"])(
  "takes a key out of the ring whose secret %j cannot be sent",
  async (secret) => {
    const outcome = await send(makeKey("http://127.0.0.1:9/v1", secret));
    expect(outcome).toMatchObject({
      failure: {
        class: "key-revoked",
        message: expect.stringMatching(/^the secret of key test is empty or holds/),
        mayHaveBeenProcessed: false,
      },
    });
  },
);

test.each([
  ["gzip", gzipSync(COMPLETION_TEXT)],
  ["identity", Buffer.from(`\u{FEFF}${COMPLETION_TEXT}`)],
])("reads a reply in %s that it did not ask for", async (encoding, bytes) => {
  await using server = await startReplyServer((response) => {
    response.writeHead(200, { "content-encoding": encoding }).end(bytes);
  });
  expect(await send(server.key)).toMatchObject(REPLIED);
  expect(server.requests[0]?.headers["accept-encoding"]).toBe("identity");
});

test("does not unfold a compressed reply beyond the cap", async () => {
  const bomb = gzipSync(Buffer.alloc(17 * 1024 * 1024));
  await using server = await startReplyServer((response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
  });
  expect(await send(server.key)).toMatchObject({
    failure: { class: "caller-fault", code: "malformed-reply", mayHaveBeenProcessed: true },
  });
});

test("does not take in a plain reply beyond the cap", async () => {
  await using server = await startReplyServer((response) => {
    response
      .on("error", () => {})
      .writeHead(200)
      .end(Buffer.alloc(17 * 1024 * 1024, " "));
  });
  expect(await send(server.key)).toMatchObject({
    failure: { class: "caller-fault", code: "malformed-reply" },
  });
});

test.each([
  ["a page of HTML", "<html><body>Sign in</body></html>"],
  ["a stream of events", `data: ${COMPLETION_TEXT}\n\ndata: [DONE]\n\n`],
  ["an empty body", ""],
  ["JSON with a flaw", '{"choices": [oops]}'],
])("takes %s with status 200 for a malformed reply", async (_, body) => {
  await using server = await startReplyServer((response) => answerWith(response, body));
  expect(await send(server.key)).toMatchObject({
    failure: { class: "caller-fault", code: "malformed-reply", mayHaveBeenProcessed: true },
  });
});

test.each([
  ["shorter than announced", `HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n${COMPLETION_TEXT}`],
  ["cut between chunks", `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"cho\r\n`],
  ["cut where only its end would tell", `HTTP/1.1 200 OK\r\n\r\n${COMPLETION_TEXT.slice(0, 50)}`],
  ["not there at all", ""],
  ["not HTTP", "SSH-2.0-OpenSSH_9.9\r\n"],
])("takes a reply that is %s for passing trouble", async (_, bytes) => {
  expect(await sendToBytes(bytes)).toMatchObject({
    failure: { class: "transient", code: "unavailable", mayHaveBeenProcessed: true },
  });
});

test("a refusal whose body is cut is still that refusal", async () => {
  const outcome = await sendToBytes(
    "HTTP/1.1 429 Too Many Requests\r\nretry-after: 3\r\ncontent-length: 999\r\n\r\n{",
  );
  expect(outcome).toMatchObject({
    failure: { class: "throttled", retryAfterMs: 3_000, mayHaveBeenProcessed: false },
  });
});

test("nothing was processed where nobody listens", async () => {
  const server = await startReplyServer(() => {});
  await server[Symbol.asyncDispose]();
  expect(await send(server.key)).toMatchObject({
    failure: {
      class: "no-service",
      code: "unavailable",
      message: expect.stringContaining("ECONNREFUSED"),
      mayHaveBeenProcessed: false,
    },
  });
});

test("ends a reply that drips at the deadline", async () => {
  await using server = await startReplyServer((response) => {
    response.writeHead(200);
    const dripping = setInterval(() => response.write(" "), 10);
    response.on("close", () => clearInterval(dripping));
  });
  expect(await send(server.key, 200)).toMatchObject({
    failure: { class: "transient", code: "timed-out", mayHaveBeenProcessed: true },
  });
});

test("gives up at the deadline while a connection is still being made, and has sent nothing", async () => {
  // No answer to the greeting of TLS: the connection never comes about.
  const outcome = await sendTo((socket) => socket.resume(), "https", 100);
  expect(outcome).toMatchObject({ failure: { code: "timed-out", mayHaveBeenProcessed: false } });
});

test("waits as long as it can when the time-out is longer than any timer", async () => {
  await using server = await startReplyServer((response) => {
    setTimeout(() => answerWith(response, COMPLETION), 20);
  });
  expect(await send(server.key, 1e12)).toMatchObject(REPLIED);
});

test.each([
  ["brackets", "[".repeat(7 * 1024 * 1024)],
  ["zeros", `[${"0,".repeat(200_000)}0]`],
  ["members", JSON.stringify(Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [n, n])))],
  ["levels", '{"a":'.repeat(65) + "1" + "}".repeat(65)],
])("does not parse JSON of too many %s, in a reply or in a refusal", async (_, body) => {
  let status = 200;
  await using server = await startReplyServer((response) => answerWith(response, body, { status }));
  expect(await send(server.key)).toMatchObject({
    failure: {
      class: "caller-fault",
      code: "malformed-reply",
      message: expect.stringMatching(/^the reply is not read, because its JSON /),
      mayHaveBeenProcessed: true,
    },
  });
  status = 429;
  expect(await send(server.key)).toMatchObject({ failure: { class: "throttled", status } });
});

test.each(["Identity", " IDENTITY", "GZip"])(
  "reads a reply in %j, in whatever case it is written",
  async (encoding) => {
    const bytes = encoding === "GZip" ? gzipSync(COMPLETION_TEXT) : COMPLETION_TEXT;
    await using server = await startReplyServer((response) => {
      response.writeHead(200, { "content-encoding": encoding }).end(bytes);
    });
    expect(await send(server.key)).toMatchObject(REPLIED);
  },
);

test("does not ask again for a reply in an encoding that it does not know", async () => {
  await using server = await startReplyServer((response) => {
    response.writeHead(200, { "content-encoding": "x-secret" }).end(COMPLETION_TEXT);
  });
  expect(await send(server.key)).toMatchObject({
    failure: {
      class: "caller-fault",
      code: "malformed-reply",
      message: "the reply cannot be read: it has the unknown content-encoding x-secret",
      mayHaveBeenProcessed: true,
    },
  });
});

const WHOLE_REPLY = `HTTP/1.1 200 OK\r\ncontent-length: ${COMPLETION_TEXT.length}\r\n\r\n${COMPLETION_TEXT}`;

test("reads past a status that only announces the reply", async () => {
  expect(await sendToBytes(`HTTP/1.1 103 Early Hints\r\n\r\n${WHOLE_REPLY}`)).toMatchObject(
    REPLIED,
  );
});

test("does not ask again where a status 100 comes that nobody asked for", async () => {
  expect(await sendToBytes(`HTTP/1.1 100 Continue\r\n\r\n${WHOLE_REPLY}`)).toMatchObject({
    failure: { class: "caller-fault", code: "malformed-reply", mayHaveBeenProcessed: true },
  });
});

const PAGE =
  "<!DOCTYPE html><html><head><title>Web server is down</title></head><body></body></html>";

test.each([
  [520, "transient", "the server answered with a page of HTML"],
  [403, "model-not-allowed", "the server answered with a page of HTML"],
  [200, "caller-fault", "the server answered with success, but not with JSON: a page of HTML"],
])("names a proxy's page of status %i by its title", async (status, failureClass, message) => {
  await using server = await startReplyServer((response) => answerWith(response, PAGE, { status }));
  expect(await send(server.key)).toMatchObject({
    failure: { class: failureClass, status, message: `${message}, "Web server is down"` },
  });
});

test("an error with a success status means what it means with its own", async () => {
  const error = { code: 429, message: "Rate limited upstream" };
  await using server = await startReplyServer((response) =>
    answerWith(response, { error }, { headers: { "retry-after": "2" } }),
  );
  expect(await send(server.key)).toMatchObject({
    failure: {
      class: "throttled",
      message: "the server answered with success and an error, 429: Rate limited upstream",
      retryAfterMs: 2_000,
      mayHaveBeenProcessed: false,
    },
  });
});

test("says when a refusal gives no reason", async () => {
  await using server = await startReplyServer((response) =>
    answerWith(response, "", { status: 500 }),
  );
  expect(await send(server.key)).toMatchObject({
    failure: { message: "the server gives no reason" },
  });
});

test("reads a reply of megabytes whole", async () => {
  const text = "Тикет срочный. ".repeat(150_000);
  await using server = await startReplyServer((response) =>
    answerWith(response, makeCompletion(text)),
  );
  const outcome = await send(server.key);
  expect(outcome.kind === "replied" && outcome.reply.text === text).toBe(true);
});
