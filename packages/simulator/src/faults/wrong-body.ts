import { gzipSync } from "node:zlib";
import { encodeStream, type Envelope } from "../replies/encode-completion.ts";
import type { Completion } from "../replies/completion.ts";
import type { Reply } from "../replies/reply.ts";
import type { WrongBody } from "../scenario/fault-schema.ts";

const MEBIBYTE = 1024 * 1024;
/** Clients cap bodies at 16 MiB or so; this is a little more. */
const HUGE_MEBIBYTES = 17;
/** What the bomb inflates to. */
const BOMB_MEBIBYTES = 128;

/** A reply with status 200 that is not a chat completion. */
export function makeWrongBody(
  variant: WrongBody,
  completion: Completion,
  envelope: Envelope,
): Reply {
  switch (variant) {
    case "empty-object":
      return json("{}");
    case "html":
      return {
        contentType: "text/html",
        parts: ["<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>"],
      };
    case "error-object":
      return json('{"error":{"message":"Upstream failed.","type":"server_error","code":null}}');
    case "not-json":
      return json("upstream connect error or disconnect/reset before headers");
    case "wrong-types":
      return json('{"id":7,"choices":{"0":{"message":["text"]}},"usage":"many","model":null}');
    case "empty-choices":
      return json('{"object":"chat.completion","choices":[]}');
    case "null-content":
      return json(CONTENT_BEFORE + "null" + CONTENT_AFTER);
    case "huge":
      return json(
        `${CONTENT_BEFORE}"`,
        ...Array.from({ length: HUGE_MEBIBYTES }, () => PADDING),
        `"${CONTENT_AFTER}`,
      );
    case "gzip-bomb":
      return { ...json(...makeBomb()), contentEncoding: "gzip" };
    case "unasked-stream":
      return encodeStream(completion, envelope, { includeUsage: false });
    default:
      return variant satisfies never;
  }
}

const CONTENT_BEFORE =
  '{"object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":';
const CONTENT_AFTER = "}}]}";
const PADDING = Buffer.alloc(MEBIBYTE, "a");

function json(...parts: (string | Buffer)[]): Reply {
  return { contentType: "application/json", parts };
}

/** A gzip file may be several, one after another (RFC 1952, 2.2): so one packed mebibyte will do. */
function makeBomb(): Buffer[] {
  const padding = gzipSync(PADDING);
  return [
    gzipSync(`${CONTENT_BEFORE}"`),
    ...Array.from({ length: BOMB_MEBIBYTES }, () => padding),
    gzipSync(`"${CONTENT_AFTER}`),
  ];
}
