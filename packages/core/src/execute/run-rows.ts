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
import type { Step } from "../pipeline/pipeline.ts";
import type { Row } from "../vocabulary/row.ts";
import type { RowWork } from "../results/row-work.ts";
import type { Pass } from "./arrange-passes.ts";
import type { GroupCollector } from "./group-collector.ts";
import type { PassParts } from "./pass-parts.ts";

type RowsPass = Extract<Pass, { readonly kind: "rows" }>;

/** Is told of each group as its last row ends. */
type OnGroup = (collector: GroupCollector, group: IndexedGroup) => void;

/**
 * Takes every row through the row steps of a pass, and hands it to the collectors of groups as it
 * ends. Rows are read only as places become free.
 *
 * Ends when all rows have ended, or, once the run is being stopped, when the rows at work have.
 */
export async function runRows(
  rows: AsyncIterable<RowWork>,
  pass: RowsPass,
  collectors: readonly GroupCollector[],
  onGroup: OnGroup,
  parts: PassParts,
): Promise<void> {
  const { control, places } = parts;
  const { steps, earlierSteps, isFirst } = pass;
  const runner = new RowRunner(pass, collectors, onGroup, parts);
  try {
    for await (const work of rows) {
      if (control.finishing.aborted) break;
      const results = resultsByStep(work.calls);
      // What follows from the row alone stays as it ended; what groups or the run decide may change.
      const isSettled = steps.length === 0 || (isFirst && steps.every(({ id }) => results.has(id)));
      if (isSettled) runner.end(work.row, pickResults(results, runner.seenSteps));
      else places.start(() => runner.run(work, pickResults(results, earlierSteps)));
      await places.untilFree();
    }
  } catch (error) {
    control.failAfterCalls(error);
    throw error;
  } finally {
    await places.untilIdle();
  }
}

/** Takes one row after the other through the steps of a pass, several at a time. */
class RowRunner {
  readonly #pass: RowsPass;
  readonly #collectors: readonly GroupCollector[];
  readonly #onGroup: OnGroup;
  readonly #parts: PassParts;
  /** Those of earlier passes, then this one's. */
  readonly seenSteps: readonly Step[];

  constructor(
    pass: RowsPass,
    collectors: readonly GroupCollector[],
    onGroup: OnGroup,
    parts: PassParts,
  ) {
    this.#pass = pass;
    this.#collectors = collectors;
    this.#onGroup = onGroup;
    this.#parts = parts;
    this.seenSteps = [...pass.earlierSteps, ...pass.steps];
  }

  /** @param earlier how the steps of earlier passes ended */
  async run(work: RowWork, earlier: StepResults): Promise<void> {
    try {
      const results = await this.#runSteps(work, earlier);
      this.#tellEnd(work, results);
      this.end(work.row, results);
    } catch (error) {
      this.#parts.control.fail(error);
    }
  }

  async #runSteps({ row, calls }: RowWork, earlier: StepResults): Promise<StepResults> {
    const { steps, earlierSteps, isFirst } = this.#pass;
    const { known, stepRunner } = this.#parts;
    const around = isFirst
      ? NO_RESULTS
      : await known.aroundRow({ row: row.values, steps: showOutputs(earlier, earlierSteps) });
    const { ordinal, content } = row;
    const all = await stepRunner.run(steps, {
      subject: { per: "row", ordinal, content },
      calls,
      see: () => ({ row: row.values }),
      before: around.size === 0 ? earlier : new Map([...earlier, ...around]),
    });
    return around.size === 0 ? all : pickResults(all, this.seenSteps);
  }

  /** A row that an earlier process ended was told then. */
  #tellEnd({ row, calls }: RowWork, results: StepResults): void {
    const { steps, endsRows } = this.#pass;
    const hadEnded = steps.every(({ id }) =>
      calls.some((call) => call.id.step === id && call.result),
    );
    if (!endsRows || hadEnded) return;
    const { ordinal, line } = row;
    const [status, error] = [statusOf(results), findError(results)];
    this.#parts.onEvent({ kind: "row-ended", ordinal, line, status, error });
  }

  /** Gives a row that has ended to those who wait for it. */
  end(row: Row, results: StepResults): void {
    const seenSteps = this.seenSteps;
    if (this.#pass.endsRows) {
      const describe = () => ({ per: "row" as const, ...toFinishedRow(row, results, seenSteps) });
      this.#parts.feed.rowEnded(row.ordinal, describe);
    }
    if (this.#collectors.length === 0) return;
    const scope = { row: row.values, steps: showOutputs(results, seenSteps) };
    const finished = toFinishedRow(row, results, seenSteps);
    for (const collector of this.#collectors) {
      const group = collector.add(row.ordinal, finished, scope);
      if (group) this.#onGroup(collector, group);
    }
  }
}
