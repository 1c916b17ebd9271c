import type { Clock } from "../vocabulary/clock.ts";
import type { OnEvent } from "../vocabulary/event.ts";
import type { Journal } from "../vocabulary/journal.ts";
import type { KeyRing } from "../vocabulary/key-ring.ts";
import type { Provider } from "../vocabulary/provider.ts";
import type { Random } from "../vocabulary/random.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { toFinishedRow } from "../results/finished-row.ts";
import { joinCalls } from "../results/row-work.ts";
import type { ReportRow } from "../report/report-data.ts";
import type { RowSource } from "../vocabulary/row-source.ts";
import { Budget } from "./budget.ts";
import { CallCosts } from "./call-costs.ts";
import { CallMaker } from "./call-maker.ts";
import type { RunControl } from "./run-control.ts";
import { runRows } from "./run-rows.ts";
import { StepRunner, type OnUncertain } from "./step-runner.ts";
import type { Tally } from "./tally.ts";

export interface ExecutionParts {
  readonly source: RowSource;
  readonly keyRing: KeyRing;
  readonly provider: Provider;
  readonly journal: Journal;
  readonly control: RunControl;
  readonly tally: Tally;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: OnEvent;
}

export interface ExecutionSettings {
  readonly concurrency: number;
  readonly budgetUsd: number | undefined;
  readonly onUncertain: OnUncertain;
}

/**
 * Makes every call that is left to make: the rows through the row steps, then the run through the
 * steps that look at all rows. Ends early when the run is being stopped.
 * @throws StorageError
 */
export async function executeRun(
  pipeline: Pipeline,
  parts: ExecutionParts,
  settings: ExecutionSettings,
): Promise<void> {
  const { control, journal, source } = parts;
  const { rowSteps, runSteps, limits } = pipeline;
  const before = journal.readTotals(rowSteps.length);
  const budget = new Budget(settings.budgetUsd ?? Infinity, before.costUsd + before.unknownCostUsd);
  const callMaker = new CallMaker(
    { ...parts, budget, costs: new CallCosts() },
    { keys: pipeline.keys, attempts: limits.attempts, callTimeoutMs: limits.callTimeoutMs },
  );
  const stepRunner = new StepRunner({ ...parts, callMaker }, settings);

  try {
    const work = joinCalls(source.read(), journal, before.rowsReached);
    await runRows(work, rowSteps, { ...parts, stepRunner }, settings);
    if (runSteps.length > 0 && !control.finishing.aborted) {
      const rows = await readFinishedRows(pipeline, source, journal);
      const counts = { total: rows.length, ...journal.readTotals(rowSteps.length).rows };
      const scope = { rows, run: { name: pipeline.name, rows: counts } };
      await stepRunner.run(runSteps, { per: "run" }, scope, journal.readRunCalls());
    }
  } catch (error) {
    control.fail(error);
  }
  control.settle();
}

/** All rows at once: only for steps that look at all of them. */
async function readFinishedRows(
  { rowSteps }: Pipeline,
  source: RowSource,
  journal: Journal,
): Promise<ReportRow[]> {
  const rows: ReportRow[] = [];
  for await (const work of joinCalls(source.read(), journal, Infinity)) {
    rows.push(toFinishedRow(work, rowSteps));
  }
  return rows;
}
