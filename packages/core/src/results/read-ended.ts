import type { FinishedSubject } from "../vocabulary/finished.ts";
import type { JournalReader } from "../vocabulary/journal.ts";
import type { RowSource } from "../vocabulary/row-source.ts";
import { listSteps, type Pipeline, type Step } from "../pipeline/pipeline.ts";
import { GroupFinder, toGroup } from "./group-outcomes.ts";
import { joinCalls } from "./row-work.ts";
import { readResults, resultsByStep, pickResults, type StepResults } from "./step-results.ts";
import type { Selection } from "./selection.ts";
import { toFinishedRow, toFinishedRun } from "./to-finished.ts";

/** Reads the selected subjects that have ended: rows in input order, then groups, then the run. */
export async function* readEnded(
  selection: Selection,
  parts: {
    readonly pipeline: Pipeline;
    readonly source: RowSource;
    readonly journal: JournalReader;
  },
): AsyncGenerator<FinishedSubject> {
  const { pipeline, source, journal } = parts;
  const rowSteps = listSteps(pipeline, "row");
  const finder = new GroupFinder(pipeline);
  for await (const { row, calls } of joinCalls(source.read(), journal)) {
    const results = pickResults(resultsByStep(calls), rowSteps);
    finder.add(row, results);
    if (selection.hasRow(row.ordinal) && isEnded(results, rowSteps)) {
      yield { per: "row", ...toFinishedRow(row, results, rowSteps) };
    }
  }
  for await (const group of finder.read(journal)) {
    const { grouping, key, results, steps } = group;
    if (selection.hasGroup(grouping.by, key) && isEnded(results, steps)) {
      yield { per: "group", ...toGroup(group) };
    }
  }
  const runSteps = listSteps(pipeline, "run");
  const ofRun = await readResults(journal, { per: "run" }, runSteps);
  if (selection.hasRun && runSteps.length > 0 && isEnded(ofRun, runSteps)) {
    yield toFinishedRun(ofRun, runSteps);
  }
}

/** A step that was skipped has ended too: it has a result that says so. */
function isEnded(results: StepResults, steps: readonly Step[]): boolean {
  return results.size === steps.length;
}
