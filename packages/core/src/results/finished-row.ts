import type { JsonValue } from "../vocabulary/json.ts";
import type { CallRecord, CallResult, CallStatus } from "../vocabulary/journal.ts";
import type { Step, StepOutput } from "../pipeline/pipeline.ts";
import type { ReportRow, ReportStep } from "../report/report-data.ts";
import type { RowWork } from "./row-work.ts";

/** A row with what came of it, as steps over the whole run and reports see it. */
export function toFinishedRow({ row, calls }: RowWork, steps: readonly Step[]): ReportRow {
  const results = resultsByStep(calls);
  const finishedSteps: Record<string, ReportStep> = {};
  for (const step of steps) {
    const result = results.get(step.id);
    if (result) finishedSteps[step.id] = toFinishedStep(step.output, result);
  }
  const found = findError(results);
  return {
    id: row.id,
    line: row.line,
    row: row.values,
    steps: finishedSteps,
    status: toSubjectStatus(results.values()),
    error: found ? `${found.step}: ${found.message}` : "",
  };
}

export function toFinishedStep(output: StepOutput, result: CallResult): ReportStep {
  const { status, text = "" } = result;
  return { status, output: status === "done" ? readOutput(output, text) : null, text };
}

/** The value of a done call's text. */
export function readOutput(output: StepOutput, text: string): JsonValue {
  return output.kind === "text" ? text : JSON.parse(text);
}

export function resultsByStep(calls: readonly CallRecord[]): Map<string, CallResult> {
  const results = new Map<string, CallResult>();
  for (const { id, result } of calls) {
    if (result) results.set(id.step, result);
  }
  return results;
}

/** Errors weigh most, then doubt; a subject of which nothing was asked is skipped. */
export function toSubjectStatus(results: Iterable<CallResult>): CallStatus {
  const statuses = new Set<CallStatus>();
  for (const { status } of results) statuses.add(status);
  return (["failed", "uncertain", "done"] as const).find((one) => statuses.has(one)) ?? "skipped";
}

/** The first error among a subject's steps. */
export function findError(results: ReadonlyMap<string, CallResult>) {
  for (const [step, { error }] of results) {
    if (error) return { step, code: error.code, message: error.message };
  }
  return undefined;
}
