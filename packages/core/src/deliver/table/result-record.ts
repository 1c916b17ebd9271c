import type {
  CallRecord,
  CallResult,
  CallStatus,
  SubjectCounts,
} from "../../vocabulary/journal.ts";
import type { JsonValue } from "../../vocabulary/json.ts";
import type { Row } from "../../vocabulary/row.ts";
import { readReply } from "../../results/step-results.ts";
import type { TableRecord } from "./format-record.ts";
import { CONTROL_COLUMNS } from "./result-columns.ts";
import type { ControlColumn, ResultStep, ResultTable } from "./result-columns.ts";
import type { TableFormat } from "../../vocabulary/row-source.ts";

/** How the steps of one subject ended. */
export interface SubjectResult {
  readonly calls: readonly CallRecord[];
  readonly status: CallStatus;
  readonly error:
    | { readonly step: string; readonly code: string; readonly message: string }
    | undefined;
}

/** A row that ended. */
export interface RowResult extends SubjectResult {
  readonly row: Row;
}

/** A group that ended. */
export interface GroupResult extends SubjectResult {
  readonly key: string;
  readonly counts: SubjectCounts;
}

/**
 * The record of a row, in the order of the table's columns. What came from a CSV goes into a CSV
 * as it came, whatever type its column has.
 */
export function toResultRecord(
  table: ResultTable,
  result: RowResult,
  format: TableFormat,
): TableRecord {
  const { row } = result;
  const cells = format === "csv" ? row.cells : undefined;
  const inputs = table.inputs.map(({ column, index }) =>
    cells ? cells[index] : row.values[column],
  );
  return completeRecord(inputs, table, result);
}

/** The record of a group: its key, the rows that it stands on, and what came of its steps. */
export function toGroupRecord(table: ResultTable, result: GroupResult): TableRecord {
  const { key, counts } = result;
  const { total, failed, uncertain } = counts;
  return completeRecord([key, total - failed - uncertain], table, result);
}

function completeRecord(
  subject: TableRecord,
  { steps, simulated }: ResultTable,
  result: SubjectResult,
): TableRecord {
  const { calls } = result;
  const control = toControlValues(result);
  return [
    ...subject,
    ...steps.flatMap((step) => toStepValues(step, findResult(calls, step.id))),
    ...CONTROL_COLUMNS.map((column) => control[column]),
    ...(simulated ? [true] : []),
  ];
}

function findResult(calls: readonly CallRecord[], step: string): CallResult | undefined {
  return calls.find(({ id }) => id.step === step)?.result;
}

function toStepValues({ output }: ResultStep, result: CallResult | undefined): TableRecord {
  const value = result && readReply(output, result)?.output;
  if (output.fields.length === 0) return [value];
  return output.fields.map((field) => readField(value, field));
}

function readField(value: JsonValue | undefined, field: string): JsonValue | undefined {
  return Object.getOwnPropertyDescriptor(Object(value), field)?.value;
}

function toControlValues({
  calls,
  status,
  error,
}: SubjectResult): Record<ControlColumn, JsonValue | undefined> {
  const results = calls.flatMap(({ result }) => result ?? []);
  const latencyMs = sum(results.map((result) => result.latencyMs));
  return {
    __status: status,
    __error: error && `${error.step}: ${error.code}: ${error.message}`,
    __attempts: sum(calls.map(({ attempts }) => attempts)),
    __finish_reason: joinDistinct(results.map(({ finishReason }) => finishReason)),
    __tokens_in: sum(results.map(({ usage }) => usage?.inputTokens)),
    __tokens_out: sum(results.map(({ usage }) => usage?.outputTokens)),
    __cost_usd: sumCosts(results),
    __latency_ms: latencyMs === undefined ? undefined : Math.round(latencyMs),
    __key: joinDistinct(results.map(({ key }) => key)),
  };
}

/** Undefined when nothing is known. */
function sum(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((number) => number !== undefined);
  return known.length > 0 ? known.reduce((total, number) => total + number, 0) : undefined;
}

/** Undefined also when the price of only one call is not known: a part would pass for the whole. */
function sumCosts(results: readonly CallResult[]): number | undefined {
  if (results.some(({ usage, costUsd }) => usage && costUsd === undefined)) return undefined;
  const costUsd = sum(results.map((result) => result.costUsd));
  // Far below the price of one token, and above what adding binary fractions gets wrong.
  return costUsd === undefined ? undefined : Number(costUsd.toFixed(12));
}

function joinDistinct(values: readonly (string | undefined)[]): string | undefined {
  const distinct = new Set(values.filter((value) => value !== undefined));
  return distinct.size > 0 ? [...distinct].join(", ") : undefined;
}
