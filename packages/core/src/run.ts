import type { RunEvent } from "./vocabulary/event.ts";
import type { FinishedSubject } from "./vocabulary/finished.ts";
import type { KeyStatus } from "./vocabulary/key-ring.ts";
import type { RunSummary } from "./vocabulary/run-summary.ts";

/** A run while it goes on and after. It has begun when `startRun` returns. */
export interface Run {
  /**
   * What happens, from the moment at which a loop over it begins: one that begins before the program
   * awaits anything else hears all. What a loop has not taken yet is kept in memory, until it is
   * left. When the run fails, the loop throws what `finished` rejects with.
   */
  readonly events: AsyncIterable<RunEvent>;
  /** How each key stands at the moment; empty until the run has been checked. */
  keys(): readonly KeyStatus[];
  /**
   * Every subject that has ended, with its outputs. A loop is given those that had ended when it
   * began first, in input order, then each as it ends; of a run that is stopped, at last those that
   * an earlier process ended and this one did not come to. A row has ended when all its steps have.
   * When the run is over, each loop is given all of them. What a loop has not taken yet is kept in
   * memory, until it is left. When the run fails, the loop throws what `finished` rejects with.
   */
  results(): AsyncIterable<FinishedSubject>;
  /** Stops the run: nothing new is sent, and calls in flight may be answered for 3 seconds more. */
  stop(): Promise<RunSummary>;
  /**
   * How the run ended, when its outputs are written.
   * @throws ProblemsError for everything found wrong before anything is sent
   * @throws RunChangedError when the run on disk was begun with another pipeline or input, or the
   *   rows change while it goes on
   * @throws RunLockedError when another process has the run open
   * @throws StorageError when the journal or an output cannot be written
   */
  readonly finished: Promise<RunSummary>;
}
