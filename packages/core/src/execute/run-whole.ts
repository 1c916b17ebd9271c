import type { SubjectCounts } from "../vocabulary/journal.ts";
import { listSteps, type Scope, type Step } from "../pipeline/pipeline.ts";
import type { FinishedRow } from "../vocabulary/finished.ts";
import { resultsByStep } from "../results/step-results.ts";
import { toFinishedRow, toFinishedRun } from "../results/to-finished.ts";
import { joinCalls } from "../results/row-work.ts";
import { readUntilStopped } from "./read-until-stopped.ts";
import type { Pass } from "./arrange-passes.ts";
import type { PassParts } from "./pass-parts.ts";

/**
 * Takes the run itself through the steps of a pass. What they do not name is not read: rows are
 * held in memory only for those that look at rows.
 */
export async function runWhole(
  { steps, earlierSteps }: Extract<Pass, { readonly kind: "run" }>,
  parts: PassParts,
): Promise<void> {
  const { feed, journal, known, pipeline, stepRunner } = parts;
  const rowSteps = earlierSteps.map(({ id }) => id);
  const { rows: ended } = await journal.readTotals(rowSteps);
  const total = Object.values(ended).reduce((sum, count) => sum + count, 0);
  const counts: SubjectCounts = { ...ended, total };
  const scope: Omit<Scope, "steps"> = {
    run: { name: pipeline.name, rows: counts },
    rows: refersTo(steps, "rows") ? await readRows(earlierSteps, parts) : [],
    groups: refersTo(steps, "groups") ? await known.listGroups() : [],
  };
  const subject = { per: "run" } as const;
  const results = await stepRunner.run(steps, {
    subject,
    calls: await Array.fromAsync(journal.readCalls(subject)),
    see: () => scope,
    before: known.ofRun,
    rows: counts,
  });
  known.addRun(results);
  const runSteps = listSteps(pipeline, "run");
  const isEnded = runSteps.every(({ id }) => results.has(id));
  if (isEnded) feed.runEnded(() => toFinishedRun(results, runSteps));
}

function refersTo(steps: readonly Step[], name: string): boolean {
  return steps.some(({ references }) => references.some(({ path }) => path[0] === name));
}

/** Those that have not failed. */
async function readRows(
  steps: readonly Step[],
  { control, source, journal }: PassParts,
): Promise<FinishedRow[]> {
  const rows: FinishedRow[] = [];
  const all = readUntilStopped(source, control.finishing);
  for await (const { row, calls } of joinCalls(all, journal)) {
    const finished = toFinishedRow(row, resultsByStep(calls), steps);
    if (finished.status !== "failed" && finished.status !== "uncertain") rows.push(finished);
  }
  return rows;
}
