import { type Problem, ProblemsError } from "../vocabulary/problem.ts";
import type { Row } from "../vocabulary/row.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { listGroupings } from "../results/group-index.ts";
import { TemplateError } from "../template/template-error.ts";

/** Rows of each group, by what makes the groups; of those that are known before any reply is there. */
export type GroupSizes = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Counts the rows of groups while the rows are gone through. */
export class GroupSizeCounter {
  readonly #groupings;
  readonly #problems: Problem[] = [];
  readonly #file: string;

  /** @param file what messages call the rows */
  constructor(pipeline: Pick<Pipeline, "stages">, file: string) {
    this.#file = file;
    this.#groupings = listGroupings(pipeline)
      .filter(({ grouping }) => !grouping.needsReplies)
      .map(({ grouping }) => ({ grouping, sizes: new Map<string, number>() }));
  }

  add(row: Row): void {
    for (const { grouping, sizes } of this.#groupings) {
      try {
        const key = grouping.keyOf({ row: row.values, steps: {} });
        sizes.set(key, (sizes.get(key) ?? 0) + 1);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        this.#reportOnce(grouping.by, row, error);
      }
    }
  }

  /** @throws ProblemsError when a row could be put into no group */
  finish(): GroupSizes {
    if (this.#problems.length > 0) throw new ProblemsError(this.#problems);
    return new Map(this.#groupings.map(({ grouping, sizes }) => [grouping.by, sizes]));
  }

  /** One row shows what is wrong; the others would say the same. */
  #reportOnce(by: string, { line }: Row, { message }: TemplateError): void {
    if (this.#problems.length > 0) return;
    this.#problems.push({
      code: "missing-variable",
      message: `the row on line ${line} has no group by ${by}: ${message}`,
      remedy: "Give every row what the groups are made from, or group by something else",
      file: this.#file,
    });
  }
}
