import pLimit from "p-limit";
import type { OnEvent } from "../vocabulary/event.ts";
import type { Step } from "../pipeline/pipeline.ts";
import { findError, toSubjectStatus } from "../results/finished-row.ts";
import type { RowWork } from "../results/row-work.ts";
import type { RunControl } from "./run-control.ts";
import type { StepRunner } from "./step-runner.ts";

/**
 * Takes every row through the row steps, at most `concurrency` rows at a time: a row has one call in
 * flight, so this caps the calls too. Rows are read only as places become free.
 *
 * Ends when all rows have ended, or, once the run is being stopped, when the rows at work have.
 */
export async function runRows(
  rows: AsyncIterable<RowWork>,
  steps: readonly Step[],
  {
    stepRunner,
    control,
    onEvent,
  }: { stepRunner: StepRunner; control: RunControl; onEvent: OnEvent },
  { concurrency }: { concurrency: number },
): Promise<void> {
  const limit = pLimit(concurrency);
  let wake: () => void = () => {};
  const waitUntilFewerThan = async (count: number) => {
    while (limit.activeCount + limit.pendingCount >= count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };

  const runRow = async ({ row, calls }: RowWork) => {
    try {
      const subject = { per: "row", ordinal: row.ordinal } as const;
      const results = await stepRunner.run(steps, subject, { row: row.values }, calls);
      onEvent({
        kind: "row-ended",
        ordinal: row.ordinal,
        line: row.line,
        status: toSubjectStatus(results.values()),
        error: findError(results),
      });
    } catch (error) {
      control.fail(error);
    }
  };

  try {
    for await (const work of rows) {
      if (control.finishing.aborted) break;
      if (isFinished(work, steps)) continue;
      // The limit's own promise settles after its place is free again; `runRow` never rejects.
      void limit(runRow, work).then(() => wake());
      await waitUntilFewerThan(concurrency);
    }
  } finally {
    await waitUntilFewerThan(1);
  }
}

function isFinished({ calls }: RowWork, steps: readonly Step[]): boolean {
  const settled = calls.filter(({ result }) => result !== undefined).length;
  return settled >= steps.length;
}
