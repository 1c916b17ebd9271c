import type { JsonObject } from "../vocabulary/json.ts";
import type { Journal } from "../vocabulary/journal.ts";
import type { Step } from "../pipeline/pipeline.ts";
import type { FinishedRow } from "../plan/finished-row.ts";
import type { RunControl } from "./run-control.ts";
import type { StepRunner } from "./step-runner.ts";

/** Takes the run itself through the steps that look at all rows, once every row has ended. */
export async function runOnce(
  steps: readonly Step[],
  scope: { readonly rows: readonly FinishedRow[]; readonly run: JsonObject },
  {
    stepRunner,
    control,
    journal,
  }: { stepRunner: StepRunner; control: RunControl; journal: Journal },
): Promise<void> {
  try {
    await stepRunner.run(steps, { per: "run" }, scope, journal.readRunCalls());
  } catch (error) {
    control.fail(error);
  }
}
