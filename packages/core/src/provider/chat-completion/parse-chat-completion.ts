import type { CallErrorCode } from "../../vocabulary/provider.ts";
import type { TokenUsage } from "../../vocabulary/usage.ts";
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
      readonly kind: "unusable";
      readonly code: UnusableCode;
      /** Foreign text: to be redacted and cut. */
      readonly message: string;
      readonly paid: { readonly text: string; readonly usage: TokenUsage | undefined } | undefined;
    };

type UnusableCode = Extract<CallErrorCode, "content-filtered" | "malformed-reply" | "refused">;

/** Reads the parsed body of a chat completion. Nothing about its shape is taken for granted. */
export function parseChatCompletion(body: unknown): ChatCompletion {
  const usage = parseUsage(readMember(body, "usage"));
  const choice = readMember(readMember(body, "choices"), 0);
  const message = readMember(choice, "message");
  const finishReason = readText(choice, "finish_reason");
  const text = readText(message, "content");
  const refusal = readText(message, "refusal");

  const paid =
    text !== "" || refusal !== "" || usage ? { text: text || refusal, usage } : undefined;
  const unusable = (code: UnusableCode, why: string) =>
    ({ kind: "unusable", code, message: why, paid }) as const;
  if (refusal !== "") return unusable("refused", `the model refused: ${refusal}`);
  if (finishReason === "content_filter") {
    return unusable("content-filtered", "the provider's content filter cut the reply");
  }
  if (text.trim() === "") {
    return unusable("malformed-reply", explainMissingText(body, choice, finishReason));
  }
  return { kind: "text", text, finishReason: finishReason || "unknown", usage };
}

function explainMissingText(body: unknown, choice: unknown, finishReason: string): string {
  const error = readMember(body, "error");
  const errorText = readText(error, "message") || (typeof error === "string" ? error : "");
  if (errorText !== "") return `the server answered with success and an error: ${errorText}`;
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
