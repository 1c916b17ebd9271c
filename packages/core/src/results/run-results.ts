import type { CallResult, Journal } from "../vocabulary/journal.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { resultsByStep } from "./finished-row.ts";

/** How the steps over the whole run ended, by step. Results of what a step was before are left out. */
export function readRunResults(
  { runSteps }: Pipeline,
  journal: Journal,
): ReadonlyMap<string, CallResult> {
  const recorded = resultsByStep(journal.readRunCalls());
  return new Map(
    runSteps.flatMap(({ id, recordedAs }) => {
      const result = recorded.get(recordedAs);
      return result ? [[id, result] as const] : [];
    }),
  );
}
