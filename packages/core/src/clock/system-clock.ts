import { performance } from "node:perf_hooks";
import type { Clock } from "../vocabulary/clock.ts";

/** Node clamps longer timers to 1 ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Real time: monotonic, so that a corrected wall clock cannot shake the pacing. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  schedule(delayMs, callback, { background = false } = {}) {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_TIMER_MS));
    if (background) timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * The time of the day in milliseconds since the Unix epoch, the same for all processes of a machine.
 * It may jump, when the clock is set; `systemClock` does not, and so it falls behind when the
 * machine sleeps.
 */
export function readWallTime(): number {
  return Date.now();
}
