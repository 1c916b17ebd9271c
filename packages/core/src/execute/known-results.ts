import type { CallResult, JournalReader } from "../vocabulary/journal.ts";
import type { Grouping, Scope, Step } from "../pipeline/pipeline.ts";
import type { FinishedGroup } from "../vocabulary/finished.ts";
import { findGroup, type GroupIndex } from "../results/group-index.ts";
import { readResults, type StepResults } from "../results/step-results.ts";
import { toFinishedGroup } from "../results/to-finished.ts";

/** The groups of one grouping, and the steps that have ended for each. */
interface KnownGroups {
  readonly grouping: Grouping;
  readonly groups: GroupIndex;
  readonly steps: Step[];
}

/** Groups whose results are kept at hand; rows of one group often stand together. */
const MAX_CACHED_GROUPS = 256;

/**
 * What steps over groups and the run have replied so far, for the steps behind them. Results of
 * groups are read from the journal when a row needs them.
 */
export class KnownResults {
  readonly #journal: JournalReader;
  readonly #run = new Map<string, CallResult>();
  /** By what makes their groups. */
  readonly #groupings = new Map<string, KnownGroups>();
  /** The least lately used first. */
  readonly #cache = new Map<string, Promise<StepResults>>();

  constructor(journal: JournalReader) {
    this.#journal = journal;
  }

  get ofRun(): StepResults {
    return this.#run;
  }

  /** To be told when the steps of a stage have ended for all its groups. */
  addGroups(groups: GroupIndex, steps: readonly Step[]): void {
    const { grouping } = groups;
    const earlier = this.#groupings.get(grouping.by)?.steps ?? [];
    this.#groupings.set(grouping.by, { grouping, groups, steps: [...earlier, ...steps] });
    this.#cache.clear();
  }

  addRun(results: StepResults): void {
    for (const [id, result] of results) this.#run.set(id, result);
  }

  /** Of a group: what was replied about it in earlier stages, and about the run. */
  async aroundGroup(grouping: Grouping, key: string): Promise<StepResults> {
    const ofGroup = this.#groupings.has(grouping.by) ? await this.readGroup(grouping, key) : [];
    return new Map([...ofGroup, ...this.#run]);
  }

  /** Of a row: what was replied about its groups, and about the run. */
  async aroundRow(scope: Scope): Promise<StepResults> {
    if (this.#groupings.size === 0) return this.#run;
    const results = new Map(this.#run);
    for (const { grouping } of this.#groupings.values()) {
      const key = findGroup(grouping, scope);
      if (key === undefined) continue;
      for (const [id, result] of await this.readGroup(grouping, key)) results.set(id, result);
    }
    return results;
  }

  /** How the steps over a group have ended so far. */
  readGroup({ by }: Grouping, key: string): Promise<StepResults> {
    const name = JSON.stringify([by, key]);
    const steps = this.#groupings.get(by)?.steps ?? [];
    const found =
      this.#cache.get(name) ?? readResults(this.#journal, { per: "group", by, key }, steps);
    this.#cache.delete(name);
    this.#cache.set(name, found);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > MAX_CACHED_GROUPS && oldest !== undefined) this.#cache.delete(oldest);
    return found;
  }

  /** All groups with what came of them: grouping by grouping, each group where its first row stands. */
  async listGroups(): Promise<FinishedGroup[]> {
    const all: FinishedGroup[] = [];
    for (const { grouping, groups, steps } of this.#groupings.values()) {
      for (const group of groups.list()) {
        const results = await this.readGroup(grouping, group.key);
        all.push(toFinishedGroup(grouping, group, results, steps));
      }
    }
    return all;
  }
}
