import { performance } from "node:perf_hooks";

/** The simulator's only source of time, so that tests can run it on a clock of their own. */
export interface Clock {
  /** Milliseconds since the Unix epoch; never goes backwards, may have a fraction. */
  now(): number;
  /**
   * Calls `callback` once, `delayMs` from now, never synchronously.
   * @returns a function that cancels the call; calling it twice, or too late, does nothing.
   */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** Real time, from the monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
