import { Broadcast } from "../vocabulary/broadcast.ts";
import type { FinishedSubject } from "../vocabulary/finished.ts";

/** Which subjects to give. */
export interface Selection {
  hasRow(ordinal: number): boolean;
  hasGroup(by: string, key: string): boolean;
  readonly hasRun: boolean;
}

const EVERYTHING: Selection = { hasRow: () => true, hasGroup: () => true, hasRun: true };

/** One who listens to a feed. */
export interface FeedListener extends Disposable {
  /** What had ended when it began; undefined when nothing had. */
  readonly ended: Selection | undefined;
  /** What ends from then on. */
  live(): AsyncGenerator<FinishedSubject>;
  /** To be asked when `live` is through: what earlier processes ended, and this one did not come to. */
  rest(): Selection | undefined;
}

/**
 * Tells of subjects as they end, and knows which have. What ended before somebody listens is read
 * from the journal, so that no more than a mark is kept of it.
 *
 *     open ──end──▶ over: all subjects were told
 *       ├─endEarly▶ over: the journal may hold more that earlier processes ended
 *       └───fail──▶ failed
 */
export class FinishedFeed {
  readonly #live = new Broadcast<FinishedSubject>();
  readonly #told = new Marks();
  #endedEarly = false;

  /** @param describe is called only when somebody listens */
  rowEnded(ordinal: number, describe: () => FinishedSubject): void {
    this.#told.addRow(ordinal);
    this.#tell(describe);
  }

  groupEnded(by: string, key: string, describe: () => FinishedSubject): void {
    this.#told.addGroup(by, key);
    this.#tell(describe);
  }

  runEnded(describe: () => FinishedSubject): void {
    this.#told.hasRun = true;
    this.#tell(describe);
  }

  end(): void {
    this.#live.end();
  }

  /** To be called in place of `end` when the run was stopped before it came to all subjects. */
  endEarly(): void {
    this.#endedEarly = true;
    this.#live.end();
  }

  fail(error: unknown): void {
    this.#live.fail(error);
  }

  /** Begins to listen at once, until it is disposed of. */
  listen(left: AbortSignal): FeedListener {
    const listener = this.#live.listen(left);
    const begunLate = this.#endedEarly;
    const told = this.#told.isEmpty ? undefined : this.#told.copy();
    return {
      ended: begunLate ? EVERYTHING : told,
      live: () => listener.take(),
      rest: () => (this.#endedEarly && !begunLate ? allBut(this.#told) : undefined),
      [Symbol.dispose]: () => listener[Symbol.dispose](),
    };
  }

  #tell(describe: () => FinishedSubject): void {
    if (this.#live.hasListeners) this.#live.send(describe());
  }
}

/** Rows whose marks are made room for at one time. */
const ROWS_AT_ONCE = 8 * 1024;

/** Marks on subjects: a bit for each row. */
class Marks implements Selection {
  hasRun = false;
  #rows = new Uint8Array(0);
  #groups = new Set<string>();

  get isEmpty(): boolean {
    return !this.hasRun && this.#groups.size === 0 && this.#rows.every((byte) => byte === 0);
  }

  hasRow(ordinal: number): boolean {
    return ((this.#rows[ordinal >> 3] ?? 0) & (1 << (ordinal & 7))) !== 0;
  }

  hasGroup(by: string, key: string): boolean {
    return this.#groups.has(nameGroup(by, key));
  }

  addRow(ordinal: number): void {
    const byte = ordinal >> 3;
    if (byte >= this.#rows.length) this.#growTo(byte);
    this.#rows[byte] = (this.#rows[byte] ?? 0) | (1 << (ordinal & 7));
  }

  addGroup(by: string, key: string): void {
    this.#groups.add(nameGroup(by, key));
  }

  copy(): Marks {
    const copy = new Marks();
    copy.hasRun = this.hasRun;
    copy.#rows = this.#rows.slice();
    copy.#groups = new Set(this.#groups);
    return copy;
  }

  #growTo(byte: number): void {
    const grown = new Uint8Array(Math.max(byte + 1, this.#rows.length * 2, ROWS_AT_ONCE / 8));
    grown.set(this.#rows);
    this.#rows = grown;
  }
}

function allBut(marks: Selection): Selection {
  return {
    hasRow: (ordinal) => !marks.hasRow(ordinal),
    hasGroup: (by, key) => !marks.hasGroup(by, key),
    hasRun: !marks.hasRun,
  };
}

function nameGroup(by: string, key: string): string {
  return JSON.stringify([by, key]);
}
