import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import {
  STATUSES_BY_WEIGHT,
  type CallRecord,
  type CallResult,
  type CallStatus,
} from "../vocabulary/journal.ts";
import { CALL_ERROR_CODES } from "../vocabulary/provider.ts";
import { PER, type Per, type Subject } from "../vocabulary/subject.ts";
import type { TokenUsage } from "../vocabulary/usage.ts";

/** A row as `node:sqlite` returns it. */
export type Columns = Readonly<Record<string, SQLOutputValue>>;

/** Where a subject's calls stand: rows by ordinal, groups by what makes them, the run alone. */
export function toSubjectColumns(subject: Subject): [per: Per, subject: string | number] {
  switch (subject.per) {
    case "row":
      return ["row", subject.ordinal];
    case "group":
      return ["group", JSON.stringify([subject.by, subject.key])];
    case "run":
      return ["run", 0];
  }
}

/** Of a row, what tells it from another in its place; null for groups and the run. */
export function toContent(subject: Subject): string | null {
  return subject.per === "row" ? subject.content : null;
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
    usage?.cacheWriteTokens ?? null,
    result.costUsd ?? null,
    result.latencyMs ?? null,
    result.key ?? null,
    result.text ?? null,
    result.request ?? null,
  ];
}

/** @param columns of a `call`, joined with its `result` if it has one. */
export function parseCall(columns: Columns): CallRecord {
  return {
    id: { step: String(columns["step"]), subject: parseSubject(columns) },
    attempts: Number(columns["attempts"]),
    unanswered: Number(columns["unanswered"]),
    result: columns["status"] === null ? undefined : parseResult(columns),
  };
}

export function parseStatus(value: SQLOutputValue | undefined): CallStatus {
  return findWord(STATUSES_BY_WEIGHT, value);
}

function parseSubject(columns: Columns): Subject {
  switch (findWord(PER, columns["per"])) {
    case "row":
      return {
        per: "row",
        ordinal: Number(columns["subject"]),
        content: parseText(columns["content"]) ?? "",
      };
    case "group": {
      const [by, key]: readonly unknown[] = JSON.parse(String(columns["subject"]));
      return { per: "group", by: String(by), key: String(key) };
    }
    case "run":
      return { per: "run" };
  }
}

function parseResult(columns: Columns): CallResult {
  return {
    status: parseStatus(columns["status"]),
    request: parseText(columns["request"]),
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
    cacheWriteTokens: parseNumber(columns["cache_write_tokens"]),
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
