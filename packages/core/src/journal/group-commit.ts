import type { DatabaseSync, StatementSync } from "node:sqlite";
import { InvariantError, type RotaError } from "../vocabulary/error.ts";
import { toStorageError } from "../storage/storage-error.ts";

/** Writes waiting for one transaction, and the promise that all of them share. */
interface Group {
  readonly writes: (() => void)[];
  readonly durable: PromiseWithResolvers<void>;
}

/**
 * Makes writes durable in groups, so that many share one sync of the disk.
 *
 *     idle ──add──▶ collecting ──end of this turn of the event loop──▶ committing ──▶ idle
 *                                                                          │
 *     ended ◀──end── any state                        failed, for good ◀───┘
 *
 * All that becomes ready in one turn (replies that arrived together, the sends they make room for)
 * is one group, so nobody waits for a timer and a busier run has larger groups. Should the disk be
 * slow, what becomes ready while it syncs is the next group: the groups grow until they keep up.
 *
 * A commit blocks the event loop, on a local disk for well under a millisecond whatever the size of
 * the group (`bench/journal-cost.ts`). A worker thread would not block it, but each entry would be
 * copied there and its answer sent back.
 *
 * After a failed commit nothing is written any more: the kernel may have dropped the pages that it
 * could not write, so that a second sync could succeed without them.
 */
export class GroupCommit {
  readonly #path: string;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #group: Group | undefined;
  /** Why nothing is taken any more. */
  #ending: RotaError | undefined;

  constructor(database: DatabaseSync, path: string) {
    this.#path = path;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
  }

  /**
   * @param write changes the database synchronously, inside the group's transaction.
   * @returns resolves when the write is durable; may be left alone, since a failure ends all later
   *   writes too.
   */
  add(write: () => void): Promise<void> {
    this.#group ??= this.#startGroup();
    this.#group.writes.push(write);
    return this.#group.durable.promise;
  }

  /**
   * Makes durable what is waiting, now.
   * @throws StorageError when this or an earlier commit failed.
   */
  flush(): void {
    this.#commitGroup();
    if (this.#ending) throw this.#ending;
  }

  /** Flushes, then takes nothing any more. */
  end(): void {
    this.flush();
    this.#ending = new InvariantError(`The journal ${this.#path} is closed.`);
  }

  #startGroup(): Group {
    const group = { writes: [], durable: Promise.withResolvers<void>() };
    // Nobody may be waiting, for a refusal is not waited for.
    group.durable.promise.catch(() => {});
    setImmediate(() => this.#commitGroup());
    return group;
  }

  #commitGroup(): void {
    const group = this.#group;
    if (!group) return;
    this.#group = undefined;
    try {
      if (this.#ending) throw this.#ending;
      this.#begin.run();
      for (const write of group.writes) write();
      this.#commit.run();
      group.durable.resolve();
    } catch (cause) {
      this.#ending = toStorageError(cause, this.#path);
      group.durable.reject(this.#ending);
    }
  }
}
