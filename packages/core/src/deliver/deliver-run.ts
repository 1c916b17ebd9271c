import type { OnEvent } from "../vocabulary/event.ts";
import { listSteps } from "../pipeline/pipeline.ts";
import { readResults } from "../results/step-results.ts";
import type { RunSummary } from "../vocabulary/run-summary.ts";
import { summarizeRun, type RunFacts } from "./summarize-run.ts";
import { writeOutputs, type Deliverables, type DeliveredOutput } from "./write-outputs.ts";

export interface DeliveryParts extends Deliverables {
  readonly outputs: readonly DeliveredOutput[];
  readonly onEvent: OnEvent;
}

/**
 * Sums up a run and writes its outputs. A run that was stopped writes none: its results are in the
 * journal, and the same command goes on with them.
 * @throws StorageError
 */
export async function deliverRun(parts: DeliveryParts, facts: RunFacts): Promise<RunSummary> {
  const { outputs, pipeline, journal, onEvent } = parts;
  const totals = await journal.readTotals(listSteps(pipeline, "row").map(({ id }) => id));
  const ofRun = await readResults(journal, { per: "run" }, listSteps(pipeline, "run"));
  const runErrors = [...ofRun].flatMap(([step, { error }]) =>
    error ? `step ${step}: ${error.message}` : [],
  );
  const summary = summarizeRun(facts, totals, runErrors);
  if (facts.stopped) return summary;
  const { startedAtMs } = facts;
  const { written, failures } = await writeOutputs(outputs, parts, { summary, startedAtMs });
  if (written.length > 0) onEvent({ kind: "outputs-written", files: written });
  if (failures.length === 0) return { ...summary, outputs: written };
  // The rows are in order and in the journal: with a mended template nothing is paid again.
  const message = [...(summary.message ? [summary.message] : []), ...failures].join("; ");
  return { ...summary, outputs: written, status: "failed", message };
}
