import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { makeCompletion } from "../reply-server.ts";

/** A reply that a server might better not have sent. */
export interface HostileReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** How it arrives; whole where nothing is said. */
  readonly delivery?: "cut" | "drip" | "hang" | "raw" | "reset" | "stall";
}

export interface HostileKind {
  readonly name: string;
  /** What the row asks for. */
  readonly asks: "json" | "text";
  /** @param right what the row asked for @param attempt how often it was asked, from 1 */
  readonly reply: (right: string, attempt: number) => HostileReply;
  /** True where the right answer is in it: the row may be done with that, and with nothing else. */
  readonly holdsAnswer: boolean;
}

const MEBIBYTE = 1024 * 1024;

const wrap = (content: unknown, choice?: object, more: object = {}): string =>
  JSON.stringify({ ...makeCompletion(content, choice), ...more });
const nest = (depth: number, open: string, close: string): string =>
  open.repeat(depth) + close.repeat(depth);

type Reply = HostileKind["reply"];
const body =
  (text: string | Buffer): Reply =>
  () => ({ body: text });
const whole =
  (make: (right: string) => string | Buffer, headers = {}): Reply =>
  (right) => ({
    body: make(right),
    headers,
  });
/** Something else once, and then a plain reply. */
const once =
  (first: HostileReply): Reply =>
  (right, attempt) =>
    attempt === 1 ? first : { body: wrap(right) };
const refuse =
  (status: number, text = "", headers = {}): Reply =>
  () => ({ status, body: text, headers });
const arrive =
  (delivery: NonNullable<HostileReply["delivery"]>): Reply =>
  (right) => ({
    body: wrap(right),
    delivery,
  });
const usage = (prompt: unknown, completion: unknown): Reply =>
  whole((right) =>
    wrap(right, {}, { usage: { prompt_tokens: prompt, completion_tokens: completion } }),
  );
const raw =
  (head: string): Reply =>
  (right) => ({
    body: `${head}\r\n\r\n${wrap(right)}`,
    delivery: "raw",
  });

/** Bodies, the large ones made anew each time so that only the server holds them, and ways in which no answer is. */
const WITHOUT_ANSWER: Readonly<Record<string, Reply>> = {
  nothing: body(""),
  blanks: whole(() => " \n".repeat(50_000)),
  "an empty object": body("{}"),
  "an empty array": body("[]"),
  null: body("null"),
  "a number": body("1e999"),
  "a word": body('"done"'),
  "no choices": body('{"choices":[]}'),
  "choices of null": body('{"choices":[null]}'),
  "choices as an object": body('{"choices":{"0":{"message":"done"}}}'),
  "a message of text": body('{"choices":[{"message":"done"}]}'),
  "content of null": body(wrap(null)),
  "content of blanks": body(wrap(" \n\t ")),
  "content of a number": body(wrap(7)),
  "content of an object": body(wrap({ text: "done" })),
  "content of a list of words": body(wrap(["done"])),
  "content of parts without text": body(wrap([{ type: "image" }, null, 7])),
  "a tool call": body(wrap(null, { finish_reason: "tool_calls" })),
  "a refusal": body(wrap(null, { message: { content: null, refusal: "I cannot." } })),
  "a filtered text": body(wrap("Half of it", { finish_reason: "content_filter" })),
  "a used-up allowance": body(wrap("", { finish_reason: "length" })),
  "prototype names": body('{"__proto__":{"choices":[{"message":{"content":"done"}}]}}'),
  "an error object": body('{"error":{"message":"Upstream failed","type":"server_error"}}'),
  "an error of code 502": body('{"error":{"code":502,"message":"Bad gateway"}}'),
  "an error in the choice": body(wrap("Half", { error: { code: 502, message: "Lost" } })),
  "an error without shape": body('{"error":[[["no"]]]}'),
  "an error of a word": body('{"error":"No luck"}'),
  "a page": body("<!doctype html><title>Sign in</title>"),
  "a long page": whole(() => `<html>${"<p>Sorry</p>".repeat(100_000)}</html>`),
  "a stream": body(`data: ${wrap("done")}\n\ndata: [DONE]\n\n`),
  "two values": body(`${wrap("done")}${wrap("done")}`),
  "half of a value": body(wrap("done").slice(0, 60)),
  "a value and more": body(`${wrap("done")} and more`),
  "single quotes": body("{'choices':[{'message':{'content':'done'}}]}"),
  "brackets for ever": whole(() => "[".repeat(4 * MEBIBYTE)),
  "braces for ever": whole(() => '{"a":'.repeat(MEBIBYTE)),
  "zeros for ever": whole(() => `[${"0,".repeat(2 * MEBIBYTE)}0]`),
  "too much": whole(() => Buffer.alloc(9 * MEBIBYTE, "a")),
  "too much, packed": whole(makeBomb, { "content-encoding": "gzip" }),
  "a gzip that is none": () => ({ body: "done", headers: { "content-encoding": "gzip" } }),
  "half a gzip": () => ({ body: HALF_GZIP, headers: { "content-encoding": "gzip" } }),
  "an unknown encoding": whole((right) => wrap(right), { "content-encoding": "x-none" }),
  "other bytes": body(Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3])),
  "an old charset": body(Buffer.from(wrap("déjà").slice(0, -3), "latin1")),
  "400": refuse(400, "{}"),
  "400 in depth": () => ({ status: 400, body: `{"error":${nest(50_000, '{"a":', "}")}` }),
  "400 of brackets": () => ({ status: 400, body: "[".repeat(2 * MEBIBYTE) }),
  "400 about the context": refuse(400, '{"error":{"message":"maximum context length is 8"}}'),
  "413": refuse(413, "<html><title>Too large</title>"),
  "500": refuse(500),
  "500 with an answer": refuse(500, wrap("done")),
  "599": refuse(599, "null"),
  hang: arrive("hang"),
  stall: arrive("stall"),
  drip: arrive("drip"),
  reset: arrive("reset"),
  cut: arrive("cut"),
  "not HTTP": raw("SSH-2.0-OpenSSH_9.9"),
  "an unasked 100": raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"),
};

/** Replies that hold the answer, and may be taken for it. */
const WITH_ANSWER: Readonly<Record<string, Reply>> = {
  plain: whole((right) => wrap(right)),
  "a byte order mark": whole((right) => `\uFEFF${wrap(right)}`),
  "an empty error": whole((right) => wrap(right, {}, { error: {} })),
  "in parts": whole((right) => wrap([{ type: "text", text: right }])),
  "in many parts": whole((right) => wrap([...right].map((text) => ({ type: "text", text })))),
  gzip: whole((right) => gzipSync(wrap(right)), { "content-encoding": "GZIP" }),
  deflate: whole((right) => deflateSync(wrap(right)), { "content-encoding": "deflate" }),
  brotli: whole((right) => brotliCompressSync(wrap(right)), { "content-encoding": "br" }),
  identity: whole((right) => wrap(right), { "content-encoding": "Identity" }),
  "another type": whole((right) => wrap(right), { "content-type": "image/png" }),
  "ten thousand headers' worth": whole((right) => wrap(right), { "x-more": "x".repeat(8_000) }),
  "a huge usage": usage(2 ** 53 - 1, 1e15),
  "an endless usage": usage(1e308, 1e308),
  "a negative usage": usage(-5, -5),
  "a usage of words": usage("many", {}),
  "a usage of nothing": usage(null, null),
  "a strange finish": whole((right) => wrap(right, { finish_reason: "x".repeat(10_000) })),
  "a finish of no text": whole((right) => wrap(right, { finish_reason: { a: 1 } })),
  "limits that lie": whole((right) => wrap(right), {
    "x-ratelimit-limit-requests": "1e99",
    "x-ratelimit-remaining-tokens": "-7",
    "x-ratelimit-reset-requests": "99999999h",
  }),
  "another choice first in mind": whole((right) =>
    wrap(right, {}, { choices: [makeChoice(right), makeChoice("another")] }),
  ),
  "500 once": once({ status: 500, body: "{}" }),
  // Once: a server that answers nothing else is waited for, as one that is out.
  "502 of HTML": once({ status: 502, body: "<html><title>Bad gateway</title></html>" }),
  "503 that says never": once({ status: 503, body: "", headers: { "x-should-retry": "false" } }),
  "a thousand choices": whole((right) =>
    wrap(right, {}, { choices: [right, ...countTo(999)].map((text) => makeChoice(String(text))) }),
  ),
  "an early hint": raw("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK"),
  "a body to the end": raw("HTTP/1.1 200 OK\r\nconnection: close"),
};

/** What stands where the JSON of a schema was asked for. */
const CONTENTS: Readonly<Record<string, (right: string) => string>> = {
  "right JSON": (right) => right,
  "a mark before the JSON": (right) => `\uFEFF${right}`,
  "JSON with blanks": (right) => `\n\n  ${right}\n`,
  "JSON in a fence": (right) => `\`\`\`json\n${right}\n\`\`\``,
  "JSON among words": (right) => `Here it is: ${right}`,
  "half of the JSON": (right) => right.slice(0, -3),
  "deep JSON": () => `{"tree":${nest(5_000, "[", "]")}}`,
  "a deep tree": (right) => right.replace("}", `,"tree":${nest(62, "[", "]")}}`),
  "a branching tree": (right) =>
    right.replace("}", `,"tree":${"[[],".repeat(30)}1${"]".repeat(30)}}`),
  "equal items": (right) => right.replace("}", `,"tags":[${"0,".repeat(25_000)}0]}`),
  "items for ever": (right) => right.replace("}", `,"tags":[${"0,".repeat(400_000)}0]}`),
  "names for ever": () => JSON.stringify(Object.fromEntries(countTo(14_000).map((n) => [n, n]))),
  "a long name": () => JSON.stringify({ ["x".repeat(MEBIBYTE - 100)]: 1 }),
  "a text against the pattern": (right) => right.replace("}", `,"code":"${"a".repeat(40_000)}!"}`),
  "a text of a megabyte": (right) => right.replace("}", `,"code":"${"a".repeat(1_000_000)}"}`),
  "numbers too large": () => '{"answer":1e999}',
  "numbers too exact": () => '{"answer":12345678901234567890}',
};

function makeChoice(content: string): object {
  return { index: 0, message: { role: "assistant", content }, finish_reason: "stop" };
}

function countTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** A file of gzip may be several, one behind the other. */
function makeBomb(): Buffer {
  const packed = gzipSync(Buffer.alloc(MEBIBYTE, "a"));
  return Buffer.concat(countTo(64).map(() => packed));
}

const HALF_GZIP = gzipSync(wrap("done")).subarray(0, 40);

const named = (
  replies: Readonly<Record<string, Reply>>,
  kind: Pick<HostileKind, "asks" | "holdsAnswer">,
): HostileKind[] => Object.entries(replies).map(([name, reply]) => ({ name, reply, ...kind }));

const contents = Object.entries(CONTENTS).map(([name, content]): [string, Reply] => [
  name,
  whole((right) => wrap(content(right))),
]);

/** A hundred kinds and two. */
export const HOSTILE_KINDS: readonly HostileKind[] = [
  ...named(WITHOUT_ANSWER, { asks: "text", holdsAnswer: false }),
  ...named(WITH_ANSWER, { asks: "text", holdsAnswer: true }),
  ...named(Object.fromEntries(contents), { asks: "json", holdsAnswer: true }),
];
