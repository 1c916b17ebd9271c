import type { StorageError } from "../vocabulary/error.ts";

/**
 * Collects entries and writes them together, so that many share one sync of the disk.
 *
 *     idle ──add──▶ collecting ──turn of the event loop over──▶ written (idle again)
 *                                                        └────▶ failed (for good)
 *
 * Everything that becomes ready in one turn of the event loop (the answers that arrived together,
 * the sends they make room for) is one group: the busier the run, the larger the groups, and the
 * cheaper each entry. All entries of a group share one promise. After a failed write nothing is
 * written any more: what the disk holds is no longer known.
 */
export class GroupCommit<Entry> {
  readonly #write: (entries: readonly Entry[]) => void;
  readonly #toError: (cause: unknown) => StorageError;
  #pending: Entry[] = [];
  #group: PromiseWithResolvers<void> | undefined;
  #failure: StorageError | undefined;

  /** @param write writes all entries, durably, or throws */
  constructor(
    write: (entries: readonly Entry[]) => void,
    toError: (cause: unknown) => StorageError,
  ) {
    this.#write = write;
    this.#toError = toError;
  }

  /** Resolves when the entry is durable. Need not be awaited: a failure shows at the next call too. */
  add(entry: Entry): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.#pending.push(entry);
    if (!this.#group) {
      this.#group = Promise.withResolvers();
      this.#group.promise.catch(() => {});
      setImmediate(() => this.flush());
    }
    return this.#group.promise;
  }

  /** Writes what is pending now. Does not throw: whoever waits for an entry is told. */
  flush(): void {
    const group = this.#group;
    if (!group) return;
    const entries = this.#pending;
    this.#pending = [];
    this.#group = undefined;
    try {
      if (this.#failure) throw this.#failure;
      this.#write(entries);
      group.resolve();
    } catch (cause) {
      this.#failure ??= this.#toError(cause);
      group.reject(this.#failure);
    }
  }

  /** @throws StorageError when a write has failed */
  throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }
}
