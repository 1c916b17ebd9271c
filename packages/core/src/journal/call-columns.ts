import type { SQLOutputValue } from "node:sqlite";
import {
  STATUSES_BY_WEIGHT,
  type CallRecord,
  type CallResult,
  type CallStatus,
} from "../vocabulary/journal.ts";
import { CALL_ERROR_CODES } from "../vocabulary/provider.ts";
import type { Subject } from "../vocabulary/subject.ts";
import type { TokenUsage } from "../vocabulary/usage.ts";
import { toPer } from "./call-place.ts";
import {
  COUNT_UNIT,
  isCount,
  sumUpCall,
  sumUpPlace,
  sumUpResult,
  type Column,
} from "./checksums.ts";

/** What a `result` says, in the order in which it is written and read; its checksum follows. */
export const RESULT_COLUMNS = [
  "status",
  "error_code",
  "error_message",
  "reason",
  "finish_reason",
  "input_tokens",
  "cached_input_tokens",
  "output_tokens",
  "cache_write_tokens",
  "cost_usd",
  "latency_ms",
  "key",
  "text",
  "request",
] as const;

/** What is read of a call, in order: its own columns, then those of its result. */
export const READ_COLUMNS = [
  ...[
    "id",
    "per",
    "subject",
    "step",
    "content",
    "attempts",
    "unanswered",
    "result",
    "checksum",
  ].map((name) => `call.${name}`),
  ...[...RESULT_COLUMNS, "checksum"].map((name) => `result.${name}`),
];

/** The values of a `result` row, without its checksum. */
export function toResultColumns(result: CallResult): (string | number | null)[] {
  const { error, usage } = result;
  return [
    result.status,
    error?.code ?? null,
    error?.message ?? null,
    result.reason ?? null,
    result.finishReason ?? null,
    usage?.inputTokens ?? null,
    usage?.cachedInputTokens ?? null,
    usage?.outputTokens ?? null,
    usage?.cacheWriteTokens ?? null,
    result.costUsd ?? null,
    result.latencyMs ?? null,
    result.key ?? null,
    result.text ?? null,
    result.request ?? null,
  ];
}

/** A call as it was read, or what is left of one that is not as it was written. */
export type ReadCall =
  | { readonly kind: "whole"; readonly call: CallRecord }
  | { readonly kind: "damaged"; readonly rowId: number; readonly where: string };

/** @param columns those of `READ_COLUMNS` */
export function readCall(columns: readonly SQLOutputValue[]): ReadCall {
  const [rowId, per, subject, step, content, attempts, unanswered, pointer, checksum] = columns;
  const result = columns.slice(9, -1);
  const place = sumUpPlace(per, subject, step);
  const isWhole =
    sumUpCall(place, content) === checksum &&
    isCount(attempts) &&
    isCount(unanswered) &&
    (pointer === null || sumUpResult(place, result) === columns.at(-1));
  if (!isWhole) {
    const where = `${toPer(per)} ${String(subject)}, step ${String(step)}`;
    return { kind: "damaged", rowId: Number(rowId), where };
  }
  const call = {
    id: { step: String(step), subject: parseSubject(per, subject, content) },
    attempts: Number(attempts) / COUNT_UNIT,
    unanswered: Number(unanswered) / COUNT_UNIT,
    result: pointer === null ? undefined : parseResult(result),
  };
  return { kind: "whole", call };
}

export function parseStatus(value: Column): CallStatus {
  return findWord(STATUSES_BY_WEIGHT, value);
}

function parseSubject(per: Column, subject: Column, content: Column): Subject {
  switch (toPer(per)) {
    case "row":
      return { per: "row", ordinal: Number(subject), content: parseText(content) ?? "" };
    case "group": {
      const [by, key]: readonly unknown[] = JSON.parse(String(subject));
      return { per: "group", by: String(by), key: String(key) };
    }
    case "run":
      return { per: "run" };
  }
}

function parseResult(columns: readonly SQLOutputValue[]): CallResult {
  const [status, errorCode, errorMessage, reason, finishReason, ...paid] = columns;
  const [input, cachedInput, output, cacheWrite, costUsd, latencyMs, key, text, request] = paid;
  return {
    status: parseStatus(status),
    request: parseText(request),
    text: parseText(text),
    error: parseError(errorCode, errorMessage),
    reason: parseText(reason),
    finishReason: parseText(finishReason),
    usage: parseUsage(input, cachedInput, output, cacheWrite),
    costUsd: parseNumber(costUsd),
    latencyMs: parseNumber(latencyMs),
    key: parseText(key),
  };
}

function parseError(code: Column, message: Column): CallResult["error"] {
  if (typeof message !== "string") return undefined;
  return { code: findWord(CALL_ERROR_CODES, code), message };
}

function parseUsage(
  inputTokens: Column,
  cachedInputTokens: Column,
  outputTokens: Column,
  cacheWriteTokens: Column,
): TokenUsage | undefined {
  if (typeof inputTokens !== "number") return undefined;
  return {
    inputTokens,
    cachedInputTokens: Number(cachedInputTokens),
    cacheWriteTokens: parseNumber(cacheWriteTokens),
    outputTokens: Number(outputTokens),
  };
}

function parseText(value: Column): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function parseNumber(value: Column): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function findWord<Word extends string>(words: readonly Word[], value: unknown): Word {
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new Error(`${String(value)} is not one of ${words.join(", ")}`);
  return word;
}
