import type { CallStatus, SubjectCounts } from "../vocabulary/journal.ts";
import type { Grouping, Pipeline, Scope, Step } from "../pipeline/pipeline.ts";
import { TemplateError } from "../template/template-error.ts";

/** The groups of one grouping, with the steps over them and the row steps that they look at. */
export interface GroupSteps {
  readonly grouping: Grouping;
  readonly steps: readonly Step[];
  /** Those that run before the first step over the groups. */
  readonly rowSteps: readonly Step[];
}

/** The groupings of a pipeline, in the order in which their steps run. */
export function listGroupings({ stages }: Pick<Pipeline, "stages">): GroupSteps[] {
  const found = new Map<string, GroupSteps>();
  const rowSteps: Step[] = [];
  for (const stage of stages) {
    if (stage.per === "row") rowSteps.push(...stage.steps);
    if (stage.per !== "group") continue;
    const { grouping } = stage;
    const known = found.get(grouping.by) ?? { grouping, steps: [], rowSteps: [...rowSteps] };
    found.set(grouping.by, { ...known, steps: [...known.steps, ...stage.steps] });
  }
  return [...found.values()];
}

/** One group as rows are counted into it. */
export interface IndexedGroup {
  readonly key: string;
  /** From 0, in the order in which groups were first seen. */
  readonly number: number;
  readonly counts: Record<keyof SubjectCounts, number>;
  firstOrdinal: number;
}

/** Counts the rows of each group of one grouping: a few numbers for each group, none for a row. */
export class GroupIndex {
  readonly grouping: Grouping;
  readonly #groups = new Map<string, IndexedGroup>();

  constructor(grouping: Grouping) {
    this.grouping = grouping;
  }

  /**
   * @param scope the row, and what its steps replied
   * @returns the row's group; undefined when the replies that it follows from are not there
   */
  add(ordinal: number, status: CallStatus, scope: Scope): IndexedGroup | undefined {
    const key = findGroup(this.grouping, scope);
    if (key === undefined) return undefined;
    const group = this.#groups.get(key) ?? this.#addGroup(key, ordinal);
    group.firstOrdinal = Math.min(group.firstOrdinal, ordinal);
    group.counts.total += 1;
    group.counts[status] += 1;
    return group;
  }

  find(key: string): IndexedGroup | undefined {
    return this.#groups.get(key);
  }

  /** All groups, by their first row. */
  list(): IndexedGroup[] {
    return [...this.#groups.values()].toSorted((a, b) => a.firstOrdinal - b.firstOrdinal);
  }

  #addGroup(key: string, firstOrdinal: number): IndexedGroup {
    const counts = { total: 0, done: 0, failed: 0, skipped: 0, uncertain: 0 };
    const group = { key, number: this.#groups.size, counts, firstOrdinal };
    this.#groups.set(key, group);
    return group;
  }
}

/** The group of a row; undefined when the replies that it follows from are not there. */
export function findGroup(grouping: Grouping, scope: Scope): string | undefined {
  try {
    return grouping.keyOf(scope);
  } catch (error) {
    if (grouping.needsReplies && error instanceof TemplateError) return undefined;
    throw error;
  }
}
