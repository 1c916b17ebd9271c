import type { Step } from "../pipeline/pipeline.ts";
import { findError, pickResults, statusOf } from "../results/step-results.ts";
import { listGroupings, type IndexedGroup } from "../results/group-index.ts";
import { toFinishedGroup } from "../results/to-finished.ts";
import type { GroupCollector } from "./group-collector.ts";
import type { PassParts } from "./pass-parts.ts";

/** Takes one group, whose rows are all there, through the steps of its stage. */
export async function runGroup(
  collector: GroupCollector,
  group: IndexedGroup,
  steps: readonly Step[],
  { control, feed, journal, known, onEvent, pipeline, stepRunner, tally }: PassParts,
): Promise<void> {
  if (control.finishing.aborted) return;
  try {
    const { grouping } = collector.index;
    const { key, counts } = group;
    const { readRows, isTooLarge } = collector.take(group);
    const subject = { per: "group", by: grouping.by, key } as const;
    const all = await stepRunner.run(steps, {
      subject,
      calls: await Array.fromAsync(journal.readCalls(subject)),
      see: () => ({ group: { key, rows: readRows(), counts } }),
      before: await known.aroundGroup(grouping, key),
      rows: counts,
      obstacle: isTooLarge ? TOO_LARGE : undefined,
    });
    const ofGroup = listGroupings(pipeline).find(({ grouping: { by } }) => by === grouping.by);
    const { steps: groupSteps = [] } = ofGroup ?? {};
    const results = pickResults(all, groupSteps);
    if (results.size < groupSteps.length) return;
    const [status, error] = [statusOf(results), findError(results)];
    tally.groups[status] += 1;
    feed.groupEnded(grouping.by, key, () => ({
      per: "group",
      ...toFinishedGroup(grouping, group, results, groupSteps),
    }));
    onEvent({ kind: "group-ended", by: grouping.by, key, status, error });
  } catch (error) {
    control.fail(error);
  }
}

const TOO_LARGE = {
  code: "group-too-large",
  message:
    "the group's rows are more than the 16 MiB of text that one prompt may be made from: " +
    "make smaller groups, or leave columns out of the input",
} as const;
