import type { SQLOutputValue } from "node:sqlite";
import { InvariantError } from "../vocabulary/error.ts";
import type { CallRecord, CallResult, CallStatus } from "../vocabulary/journal.ts";
import { CALL_ERROR_CODES, type CallErrorCode } from "../vocabulary/provider.ts";

type CallRow = Record<string, SQLOutputValue>;

const STATUSES: readonly CallStatus[] = ["done", "failed", "skipped", "uncertain"];

/** A row of the `call` table, with its step's name, as a record. */
export function toCallRecord(row: CallRow): CallRecord {
  const ordinal = Number(row["ordinal"]);
  return {
    id: {
      step: String(row["step_name"]),
      subject: ordinal < 0 ? { per: "run" } : { per: "row", ordinal },
    },
    attempts: Number(row["attempts"]),
    unanswered: Number(row["unanswered"]),
    result: row["status"] === null ? undefined : toResult(row),
  };
}

function toResult(row: CallRow): CallResult {
  const inputTokens = toNumber(row["input_tokens"]);
  return {
    status: pick(STATUSES, row["status"]),
    text: toText(row["text"]),
    error:
      row["error_code"] === null
        ? undefined
        : {
            code: pick<CallErrorCode>(CALL_ERROR_CODES, row["error_code"]),
            message: toText(row["error_message"]) ?? "",
          },
    reason: toText(row["reason"]),
    finishReason: toText(row["finish_reason"]),
    usage:
      inputTokens === undefined
        ? undefined
        : {
            inputTokens,
            cachedInputTokens: toNumber(row["cached_input_tokens"]) ?? 0,
            outputTokens: toNumber(row["output_tokens"]) ?? 0,
          },
    costUsd: toNumber(row["cost_usd"]),
    latencyMs: toNumber(row["latency_ms"]),
    key: toText(row["key"]),
  };
}

function toText(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function toNumber(value: SQLOutputValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function pick<T extends string>(known: readonly T[], value: SQLOutputValue | undefined): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new InvariantError(`The journal holds an unknown word: ${value}`);
  return found;
}
