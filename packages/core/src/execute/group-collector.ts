import type { Grouping, Scope } from "../pipeline/pipeline.ts";
import type { FinishedRow } from "../vocabulary/finished.ts";
import { GroupIndex, type IndexedGroup } from "../results/group-index.ts";
import { Spool } from "../storage/spool.ts";

/** Of one group, as JSON: a prompt is made from them all at once. UTF-16 units. */
const MAX_GROUP_TEXT = 16 * 1024 * 1024;

/** The rows of one group, once they are all there. */
export interface GatheredGroup {
  /** Those that have not failed, in input order; none when they are too large. Made anew each time. */
  readonly readRows: () => readonly FinishedRow[];
  readonly isTooLarge: boolean;
}

/**
 * Gathers the rows of groups as they end, on disk: in memory each group is a few numbers.
 *
 *     gathering ──its last row ended──▶ whole ──taken──▶ begun
 *
 * Where a row's group follows from its values, the sizes of groups are known beforehand, and a group
 * is whole as soon as its last row has ended. Where it follows from replies, all are whole when all
 * rows have ended.
 */
export class GroupCollector {
  readonly index: GroupIndex;
  readonly #sizes: ReadonlyMap<string, number> | undefined;
  readonly #spool = new Spool();
  /** By number of the group. UTF-16 units. */
  readonly #textLengths: number[] = [];

  /** @param sizes rows of each group; undefined when they are not known beforehand */
  constructor(grouping: Grouping, sizes: ReadonlyMap<string, number> | undefined) {
    this.index = new GroupIndex(grouping);
    this.#sizes = sizes;
  }

  /** True when a group is handed on as its last row ends. */
  get knowsSizes(): boolean {
    return this.#sizes !== undefined;
  }

  /**
   * @returns the row's group if that is whole now
   * @throws StorageError
   */
  add(ordinal: number, row: FinishedRow, scope: Scope): IndexedGroup | undefined {
    const group = this.index.add(ordinal, row.status, scope);
    if (!group) return undefined;
    if (row.status !== "failed" && row.status !== "uncertain") this.#setAside(group, ordinal, row);
    return group.counts.total === this.#sizes?.get(group.key) ? group : undefined;
  }

  /**
   * To be called once for a group, when it is whole.
   * @throws StorageError
   */
  take({ number }: IndexedGroup): GatheredGroup {
    const texts = this.#spool.take(number);
    const isTooLarge = (this.#textLengths[number] ?? 0) > MAX_GROUP_TEXT;
    const readRows = () => texts.map((text): FinishedRow => JSON.parse(text));
    return { readRows: isTooLarge ? () => [] : readRows, isTooLarge };
  }

  close(): void {
    this.#spool.close();
  }

  #setAside({ number }: IndexedGroup, ordinal: number, row: FinishedRow): void {
    const text = JSON.stringify(row);
    const length = (this.#textLengths[number] ?? 0) + text.length;
    this.#textLengths[number] = length;
    if (length <= MAX_GROUP_TEXT) this.#spool.add(number, ordinal, text);
  }
}
