import type { JsonValue } from "../vocabulary/json.ts";
import {
  weighStatuses,
  type CallRecord,
  type CallResult,
  type CallSelection,
  type CallStatus,
  type JournalReader,
  type SubjectCounts,
} from "../vocabulary/journal.ts";
import type { Row } from "../vocabulary/row.ts";
import type { Grouping, Scope, Step, StepOutput } from "../pipeline/pipeline.ts";
import type { ReportGroup, ReportRow, ReportStep } from "../report/report-data.ts";

/** How the steps of one subject ended, by step. */
export type StepResults = ReadonlyMap<string, CallResult>;

/** A row with what came of it, as steps over groups and the run and reports see it. */
export function toFinishedRow(row: Row, results: StepResults, steps: readonly Step[]): ReportRow {
  const found = findError(results);
  return {
    id: row.id,
    line: row.line,
    row: row.values,
    steps: toFinishedSteps(results, steps),
    status: statusOf(results),
    error: found ? `${found.step}: ${found.message}` : "",
  };
}

/** A group with what came of it, as steps over the run and reports see it. */
export function toFinishedGroup(
  { by }: Grouping,
  { key, counts }: { readonly key: string; readonly counts: SubjectCounts },
  results: StepResults,
  steps: readonly Step[],
): ReportGroup {
  const found = findError(results);
  return {
    key,
    by,
    counts,
    steps: toFinishedSteps(results, steps),
    status: statusOf(results),
    error: found ? `${found.step}: ${found.message}` : "",
  };
}

/** Those of the steps that have ended, by id. */
export function toFinishedSteps(
  results: StepResults,
  steps: readonly Step[],
): Record<string, ReportStep> {
  return Object.fromEntries(
    steps.flatMap(({ id, output }) => {
      const result = results.get(id);
      return result ? [[id, toFinishedStep(output, result)]] : [];
    }),
  );
}

function toFinishedStep(output: StepOutput, result: CallResult): ReportStep {
  const { status, text = "" } = result;
  return { status, output: status === "done" ? readOutput(output, text) : null, text };
}

/** The value of a done call's text. */
export function readOutput(output: StepOutput, text: string): JsonValue {
  return output.kind === "text" ? text : JSON.parse(text);
}

/** Those of some steps, in the order of the steps. */
export function pickResults(results: StepResults, steps: readonly Step[]): StepResults {
  return new Map(
    steps.flatMap(({ id }) => {
      const result = results.get(id);
      return result ? [[id, result] as const] : [];
    }),
  );
}

/** What steps replied, as templates and conditions see it. */
export function showOutputs(results: StepResults, steps: readonly Step[]): Scope["steps"] {
  return Object.fromEntries(
    steps.flatMap(({ id, output }) => {
      const { status, text } = results.get(id) ?? {};
      if (status !== "done" || text === undefined) return [];
      return [[id, { output: readOutput(output, text), text }]];
    }),
  );
}

export function resultsByStep(calls: Iterable<CallRecord>): Map<string, CallResult> {
  const results = new Map<string, CallResult>();
  for (const { id, result } of calls) {
    if (result) results.set(id.step, result);
  }
  return results;
}

/** How the steps over a group or the run ended, in their order; results of what is no step any more are left out. */
export async function readResults(
  journal: JournalReader,
  selection: CallSelection,
  steps: readonly Step[],
): Promise<StepResults> {
  return pickResults(resultsByStep(await Array.fromAsync(journal.readCalls(selection))), steps);
}

export function statusOf(results: StepResults): CallStatus {
  return weighStatuses(results.values().map(({ status }) => status));
}

/** The first error among a subject's steps. */
export function findError(results: StepResults) {
  for (const [step, { error }] of results) {
    if (error) return { step, code: error.code, message: error.message };
  }
  return undefined;
}
