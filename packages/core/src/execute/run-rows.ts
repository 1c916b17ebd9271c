import {
  findError,
  NO_RESULTS,
  pickResults,
  resultsByStep,
  showOutputs,
  statusOf,
  type StepResults,
} from "../results/step-results.ts";
import { toFinishedRow } from "../results/to-finished.ts";
import type { IndexedGroup } from "../results/group-index.ts";
import type { RowWork } from "../results/row-work.ts";
import type { Pass } from "./arrange-passes.ts";
import type { GroupCollector } from "./group-collector.ts";
import type { RunParts } from "./run-parts.ts";

/**
 * Takes every row through the row steps of a pass, and hands it to the collectors of groups as it
 * ends. Rows are read only as places become free.
 *
 * Ends when all rows have ended, or, once the run is being stopped, when the rows at work have.
 * @param onGroup is told of each group as its last row ends
 */
export async function runRows(
  rows: AsyncIterable<RowWork>,
  pass: Extract<Pass, { readonly kind: "rows" }>,
  collectors: readonly GroupCollector[],
  onGroup: (collector: GroupCollector, group: IndexedGroup) => void,
  { control, feed, known, onEvent, places, stepRunner }: RunParts,
): Promise<void> {
  const { steps, earlierSteps, isFirst, endsRows } = pass;
  const seenSteps = [...earlierSteps, ...steps];

  const endRow = ({ row }: RowWork, results: StepResults) => {
    if (endsRows) {
      const describe = () => ({ per: "row" as const, ...toFinishedRow(row, results, seenSteps) });
      feed.rowEnded(row.ordinal, describe);
    }
    if (collectors.length === 0) return;
    const scope = { row: row.values, steps: showOutputs(results, seenSteps) };
    const finished = toFinishedRow(row, results, seenSteps);
    for (const collector of collectors) {
      const group = collector.add(row.ordinal, finished, scope);
      if (group) onGroup(collector, group);
    }
  };

  const runRow = async (work: RowWork, earlier: StepResults) => {
    const { row, calls } = work;
    try {
      const around = isFirst
        ? NO_RESULTS
        : await known.aroundRow({ row: row.values, steps: showOutputs(earlier, earlierSteps) });
      const { ordinal, content, line } = row;
      const all = await stepRunner.run(steps, {
        subject: { per: "row", ordinal, content },
        calls,
        see: () => ({ row: row.values }),
        before: around.size === 0 ? earlier : new Map([...earlier, ...around]),
      });
      const results = around.size === 0 ? all : pickResults(all, seenSteps);
      // A row that an earlier process ended was told then.
      const hadEnded = steps.every(({ id }) =>
        calls.some((call) => call.id.step === id && call.result),
      );
      if (endsRows && !hadEnded) {
        const [status, error] = [statusOf(results), findError(results)];
        onEvent({ kind: "row-ended", ordinal, line, status, error });
      }
      endRow(work, results);
    } catch (error) {
      control.fail(error);
    }
  };

  try {
    for await (const work of rows) {
      if (control.finishing.aborted) break;
      const results = resultsByStep(work.calls);
      // What follows from the row alone stays as it ended; what groups or the run decide may change.
      const isSettled = steps.length === 0 || (isFirst && steps.every(({ id }) => results.has(id)));
      if (isSettled) endRow(work, pickResults(results, seenSteps));
      else places.start(() => runRow(work, pickResults(results, earlierSteps)));
      await places.untilFree();
    }
  } catch (error) {
    control.failAfterCalls(error);
    throw error;
  } finally {
    await places.untilIdle();
  }
}
