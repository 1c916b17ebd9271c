import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { CallId, CallRecord, CallResult, CallStatus, Subject } from "../vocabulary/journal.ts";
import { CALL_ERROR_CODES } from "../vocabulary/provider.ts";
import type { TokenUsage } from "../vocabulary/usage.ts";

/** A row as `node:sqlite` returns it. */
export type Columns = Readonly<Record<string, SQLOutputValue>>;

/** Where the calls of the run itself are kept: before the first row. */
export const RUN_ORDINAL = -1;

const CALL_STATUSES: readonly CallStatus[] = ["done", "failed", "skipped", "uncertain"];

export function toOrdinal(subject: Subject): number {
  return subject.per === "row" ? subject.ordinal : RUN_ORDINAL;
}

/** The values of a `result` row, in the order of its columns after `id`. */
export function toResultColumns(result: CallResult): SQLInputValue[] {
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
    result.costUsd ?? null,
    result.latencyMs ?? null,
    result.key ?? null,
    result.text ?? null,
  ];
}

/** @param columns of a `call`, joined with its `result` if it has one. */
export function parseCall(columns: Columns): CallRecord {
  return {
    id: parseCallId(columns),
    attempts: Number(columns["attempts"]),
    unanswered: Number(columns["unanswered"]),
    result: columns["status"] === null ? undefined : parseResult(columns),
  };
}

export function parseStatus(value: SQLOutputValue | undefined): CallStatus {
  return findWord(CALL_STATUSES, value);
}

function parseCallId(columns: Columns): CallId {
  const ordinal = Number(columns["ordinal"]);
  const subject: Subject = ordinal === RUN_ORDINAL ? { per: "run" } : { per: "row", ordinal };
  return { step: String(columns["step"]), subject };
}

function parseResult(columns: Columns): CallResult {
  return {
    status: parseStatus(columns["status"]),
    text: parseText(columns["text"]),
    error: parseError(columns),
    reason: parseText(columns["reason"]),
    finishReason: parseText(columns["finish_reason"]),
    usage: parseUsage(columns),
    costUsd: parseNumber(columns["cost_usd"]),
    latencyMs: parseNumber(columns["latency_ms"]),
    key: parseText(columns["key"]),
  };
}

function parseError(columns: Columns): CallResult["error"] {
  const message = parseText(columns["error_message"]);
  if (message === undefined) return undefined;
  return { code: findWord(CALL_ERROR_CODES, columns["error_code"]), message };
}

function parseUsage(columns: Columns): TokenUsage | undefined {
  if (columns["input_tokens"] === null) return undefined;
  return {
    inputTokens: Number(columns["input_tokens"]),
    cachedInputTokens: Number(columns["cached_input_tokens"]),
    outputTokens: Number(columns["output_tokens"]),
  };
}

function parseText(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function parseNumber(value: SQLOutputValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function findWord<Word extends string>(words: readonly Word[], value: unknown): Word {
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new Error(`${String(value)} is not one of ${words.join(", ")}`);
  return word;
}
