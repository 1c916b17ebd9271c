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
      return json(BODY_BEFORE_CONTENT + "null" + BODY_AFTER_CONTENT);
    case "huge":
      return json(
        `${BODY_BEFORE_CONTENT}"`,
        ...Array.from({ length: HUGE_MEBIBYTES }, () => PADDING),
        `"${BODY_AFTER_CONTENT}`,
      );
    case "gzip-bomb":
      return { ...json(...makeBomb()), contentEncoding: "gzip" };
    case "unasked-stream":
      return encodeStream(completion, envelope, { includeUsage: false });
    default:
      return variant satisfies never;
  }
}

const BODY_BEFORE_CONTENT =
  '{"object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":';
const BODY_AFTER_CONTENT = "}}]}";
const PADDING = Buffer.alloc(MEBIBYTE, "a");

function json(...parts: (string | Buffer)[]): Reply {
  return { contentType: "application/json", parts };
}

/** A gzip file may hold several, one after another (RFC 1952, 2.2), so one packed mebibyte is repeated. */
function makeBomb(): Buffer[] {
  const padding = gzipSync(PADDING);
  return [
    gzipSync(`${BODY_BEFORE_CONTENT}"`),
    ...Array.from({ length: BOMB_MEBIBYTES }, () => padding),
    gzipSync(`"${BODY_AFTER_CONTENT}`),
  ];
}
