import type { Journal } from "../vocabulary/journal.ts";
import type { OnEvent } from "../vocabulary/event.ts";
import type { RowSource } from "../vocabulary/row-source.ts";
import { listSteps, type Pipeline } from "../pipeline/pipeline.ts";
import type { FinishedFeed } from "../results/finished-feed.ts";
import type { IndexedGroup } from "../results/group-index.ts";
import type { GroupSizes } from "../plan/count-groups.ts";
import { joinCalls } from "../results/row-work.ts";
import { arrangePasses, type Pass } from "./arrange-passes.ts";
import type { CallMaker } from "./call/call-maker.ts";
import { GroupCollector } from "./group-collector.ts";
import { KnownResults } from "./known-results.ts";
import { Places } from "./places.ts";
import { readUntilStopped } from "./read-until-stopped.ts";
import type { RunControl } from "./run-control.ts";
import { runGroup } from "./run-group.ts";
import type { PassParts } from "./pass-parts.ts";
import { runRows } from "./run-rows.ts";
import { runWhole } from "./run-whole.ts";
import { StepRunner, type OnUncertain } from "./step-runner.ts";
import type { Tally } from "./tally.ts";

export interface ExecutionParts {
  readonly source: RowSource;
  readonly groupSizes: GroupSizes;
  readonly callMaker: CallMaker;
  readonly journal: Journal;
  readonly control: RunControl;
  readonly tally: Tally;
  readonly feed: FinishedFeed;
  readonly onEvent: OnEvent;
}

export interface ExecutionSettings {
  /** Calls in flight at one time. */
  readonly concurrency: number;
  readonly onUncertain: OnUncertain;
}

/**
 * Makes every call that is left to make, stage by stage. Ends early when the run is being stopped.
 * @throws StorageError
 * @throws RunChangedError when the rows are not those that were checked
 */
export async function executeRun(
  pipeline: Pipeline,
  parts: ExecutionParts,
  { concurrency, onUncertain }: ExecutionSettings,
): Promise<void> {
  const { control, groupSizes, journal } = parts;
  const passParts: PassParts = {
    ...parts,
    pipeline,
    places: new Places(concurrency),
    stepRunner: new StepRunner(parts, { steps: listSteps(pipeline), onUncertain }),
    known: new KnownResults(journal),
  };
  try {
    for (const pass of arrangePasses(pipeline.stages)) {
      if (control.finishing.aborted) break;
      if (pass.kind === "run") await runWhole(pass, passParts);
      else await runRowsAndGroups(pass, groupSizes, passParts);
    }
  } catch (error) {
    control.fail(error);
  }
  control.settle();
}

/** Groups begin as their last rows end, in the places that rows leave free. */
async function runRowsAndGroups(
  pass: Extract<Pass, { readonly kind: "rows" }>,
  groupSizes: GroupSizes,
  parts: PassParts,
): Promise<void> {
  const { control, journal, known, places, source } = parts;
  const collectors = pass.groupStages.map(
    ({ grouping }) => new GroupCollector(grouping, groupSizes.get(grouping.by)),
  );
  const startGroup = (collector: GroupCollector, group: IndexedGroup) => {
    const { steps = [] } = pass.groupStages[collectors.indexOf(collector)] ?? {};
    places.start(() => runGroup(collector, group, steps, parts));
  };
  try {
    const rows = readUntilStopped(source, control.finishing);
    await runRows(joinCalls(rows, journal), pass, collectors, startGroup, parts);
    for (const collector of collectors.filter(({ knowsSizes }) => !knowsSizes)) {
      for (const group of collector.index.list()) {
        if (control.finishing.aborted) break;
        startGroup(collector, group);
        await places.untilFree();
      }
    }
  } finally {
    await places.untilIdle();
    for (const collector of collectors) collector.close();
  }
  for (const [index, collector] of collectors.entries()) {
    known.addGroups(collector.index, pass.groupStages[index]?.steps ?? []);
  }
}
