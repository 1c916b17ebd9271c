import type {
  FinishedGroup,
  FinishedRow,
  FinishedStep,
  FinishedSubject,
} from "../vocabulary/finished.ts";
import type { CallResult, SubjectCounts } from "../vocabulary/journal.ts";
import type { Row } from "../vocabulary/row.ts";
import type { Grouping, Step, StepOutput } from "../pipeline/pipeline.ts";
import { findError, readReply, statusOf, type StepResults } from "./step-results.ts";

/** A row with what came of it, as steps over groups and the run, reports and programs see it. */
export function toFinishedRow(row: Row, results: StepResults, steps: readonly Step[]): FinishedRow {
  const { id, line, values } = row;
  return { id, line, row: values, ...toEnd(results, steps) };
}

/** A group with what came of it, as steps over the run, reports and programs see it. */
export function toFinishedGroup(
  { by }: Grouping,
  { key, counts }: { readonly key: string; readonly counts: SubjectCounts },
  results: StepResults,
  steps: readonly Step[],
): FinishedGroup {
  return { key, by, counts, ...toEnd(results, steps) };
}

/** The run with what came of its own steps. */
export function toFinishedRun(results: StepResults, steps: readonly Step[]): FinishedSubject {
  return { per: "run", ...toEnd(results, steps) };
}

/** Those of the steps that have ended, by id. */
export function toFinishedSteps(
  results: StepResults,
  steps: readonly Step[],
): Record<string, FinishedStep> {
  return Object.fromEntries(
    steps.flatMap(({ id, output }) => {
      const result = results.get(id);
      return result ? [[id, toFinishedStep(output, result)]] : [];
    }),
  );
}

function toFinishedStep(output: StepOutput, result: CallResult): FinishedStep {
  const { status } = result;
  return { status, output: null, text: "", ...readReply(output, result) };
}

function toEnd(results: StepResults, steps: readonly Step[]) {
  const found = findError(results);
  return {
    steps: toFinishedSteps(results, steps),
    status: statusOf(results),
    error: found ? `${found.step}: ${found.message}` : "",
  };
}
