import type { CallErrorCode, Failure } from "../../vocabulary/provider.ts";
import type { TokenUsage } from "../../vocabulary/usage.ts";
import { readServerError, type ServerError } from "../failure/read-server-error.ts";
import { readMember, readText } from "../reply/read-member.ts";

/** What a reply with a success status holds. */
export type ChatCompletion =
  | {
      readonly kind: "text";
      /** Never blank. */
      readonly text: string;
      readonly finishReason: string;
      readonly usage: TokenUsage | undefined;
    }
  | {
      /** An error, though the status says success: of the server, or of another that it asked. */
      readonly kind: "error";
      readonly error: ServerError;
      readonly paid: PaidPart | undefined;
    }
  | {
      readonly kind: "unusable";
      readonly code: UnusableCode;
      /** Foreign text: to be redacted and cut. */
      readonly message: string;
      readonly paid: PaidPart | undefined;
    };

type PaidPart = NonNullable<Failure["paid"]>;

type UnusableCode = Extract<CallErrorCode, "content-filtered" | "malformed-reply" | "refused">;

/** Reads the parsed body of a chat completion. Nothing about its shape is taken for granted. */
export function parseChatCompletion(body: unknown): ChatCompletion {
  const usage = parseUsage(readMember(body, "usage"));
  const choice = readMember(readMember(body, "choices"), 0);
  const message = readMember(choice, "message");
  const finishReason = readFinishReason(choice);
  // JSON cannot be read with a byte order mark before it; any other text is kept as it came.
  const text = readContent(message, "text").replace(/^\uFEFF(?=\s*[[{])/, "");
  const refusal = readText(message, "refusal") || readContent(message, "refusal");

  const paid =
    text !== "" || refusal !== "" || usage ? { text: text || refusal, usage } : undefined;
  const unusable = (code: UnusableCode, why: string) =>
    ({ kind: "unusable", code, message: why, paid }) as const;
  const error = findError(body, choice);
  if (error) return { kind: "error", error, paid };
  if (refusal !== "") return unusable("refused", `the model refused: ${refusal}`);
  if (finishReason === "content_filter") {
    return unusable("content-filtered", "the provider's content filter cut the reply");
  }
  if (text.trim() === "") {
    return unusable("malformed-reply", explainMissingText(choice, finishReason));
  }
  return { kind: "text", text, finishReason: finishReason || "unknown", usage };
}

/** UTF-16 units. The API's words are short; what is longer is none of them, and goes into no cell. */
const MAX_REASON_LENGTH = 100;

function readFinishReason(choice: unknown): string {
  const reason = readText(choice, "finish_reason");
  return reason.length <= MAX_REASON_LENGTH ? reason : "";
}

/** A reply's content of one kind: a text, or parts of which each says what it is. */
function readContent(message: unknown, kind: "text" | "refusal"): string {
  const content = readMember(message, "content");
  if (typeof content === "string") return kind === "text" ? content : "";
  if (!Array.isArray(content)) return "";
  return content
    .filter((part) => readText(part, "type") === kind)
    .map((part) => readText(part, kind))
    .join("");
}

/** An empty error is none: some servers send one with every reply. */
function findError(body: unknown, choice: unknown): ServerError | undefined {
  return [body, choice]
    .map((holder) => readServerError(readMember(holder, "error")))
    .find(({ message, code, status }) => message !== "" || code !== "" || status !== undefined);
}

function explainMissingText(choice: unknown, finishReason: string): string {
  if (choice === undefined) return "the reply is not a chat completion";
  if (finishReason === "length") {
    return "the model used up maxOutputTokens before it wrote any text; allow it more";
  }
  return `the reply has no text (finish reason: ${finishReason || "none"})`;
}

function parseUsage(usage: unknown): TokenUsage | undefined {
  const inputTokens = readCount(usage, "prompt_tokens");
  const outputTokens = readCount(usage, "completion_tokens");
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const details = readMember(usage, "prompt_tokens_details");
  const cachedInputTokens = Math.min(readCount(details, "cached_tokens") ?? 0, inputTokens);
  const cacheWrites = readCount(details, "cache_write_tokens") ?? 0;
  const cacheWriteTokens = Math.min(cacheWrites, inputTokens - cachedInputTokens);
  return {
    inputTokens,
    cachedInputTokens,
    ...(cacheWriteTokens > 0 && { cacheWriteTokens }),
    outputTokens,
  };
}

function readCount(value: unknown, name: string): number | undefined {
  const member = readMember(value, name);
  return Number.isSafeInteger(member) && Number(member) >= 0 ? Number(member) : undefined;
}
