import type { CallRecord, JournalReader, SubjectCounts } from "../vocabulary/journal.ts";
import type { Row } from "../vocabulary/row.ts";
import type { Grouping, Pipeline, Step } from "../pipeline/pipeline.ts";
import type { FinishedGroup } from "../vocabulary/finished.ts";
import {
  pickResults,
  resultsByStep,
  showOutputs,
  statusOf,
  type StepResults,
} from "./step-results.ts";
import { toFinishedGroup } from "./to-finished.ts";
import { GroupIndex, listGroupings, type GroupSteps } from "./group-index.ts";

/** A group with what came of it. */
export interface GroupOutcome {
  readonly grouping: Grouping;
  readonly steps: readonly Step[];
  readonly key: string;
  readonly counts: SubjectCounts;
  readonly calls: readonly CallRecord[];
  readonly results: StepResults;
}

/** Finds the groups of a pipeline again, as its rows go past, with the rows that each stands on. */
export class GroupFinder {
  readonly #groupings: readonly (GroupSteps & { readonly index: GroupIndex })[];

  constructor(pipeline: Pick<Pipeline, "stages">) {
    this.#groupings = listGroupings(pipeline).map((groupSteps) => ({
      ...groupSteps,
      index: new GroupIndex(groupSteps.grouping),
    }));
  }

  add(row: Row, results: StepResults): void {
    for (const { index, rowSteps } of this.#groupings) {
      const seen = pickResults(results, rowSteps);
      const scope = { row: row.values, steps: showOutputs(seen, rowSteps) };
      index.add(row.ordinal, statusOf(seen), scope);
    }
  }

  /** Grouping by grouping, each group where its first row stands. One group is in memory at a time. */
  async *read(journal: JournalReader): AsyncGenerator<GroupOutcome> {
    for (const { grouping, steps, index } of this.#groupings) {
      for (const { key, counts } of index.list()) {
        const subject = { per: "group", by: grouping.by, key } as const;
        const recorded = await Array.fromAsync(journal.readCalls(subject));
        const calls = recorded.filter(({ id }) => steps.some((step) => step.id === id.step));
        const results = pickResults(resultsByStep(calls), steps);
        yield { grouping, steps, key, counts, calls, results };
      }
    }
  }
}

export function toGroup({ grouping, steps, results, ...group }: GroupOutcome): FinishedGroup {
  return toFinishedGroup(grouping, group, results, steps);
}
