import { Broadcast } from "../vocabulary/broadcast.ts";
import type { FinishedSubject } from "../vocabulary/finished.ts";
import { allBut, EVERYTHING, Marks, type Selection } from "./selection.ts";

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
