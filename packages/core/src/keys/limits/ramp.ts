import type { LaneState } from "./lane-state.ts";
import { MAX_WINDOW, WINDOW_SHARE_AFTER_THROTTLE } from "./pacing.ts";

/**
 * How many calls a lane may have in flight while its limits are unknown, or after a throttle.
 *
 *     slow start ──throttle──▶ probing ──answered──▶ doubling to the threshold ──▶ creeping
 *                                 ▲                                                  │
 *                                 └───────────────────throttle───────────────────────┘
 *
 * - slow start: every answer adds one, so the window doubles each round trip.
 * - probing: one call at a time, until one is answered.
 * - creeping: above four fifths of where the throttle came, a window of answers adds one.
 */
export class Ramp {
  readonly #state: LaneState["ramp"];

  /** @param state is changed in place */
  constructor(state: LaneState["ramp"]) {
    this.#state = state;
  }

  get window(): number {
    return this.#state.window;
  }

  onAnswer(): void {
    const state = this.#state;
    if (state.window >= MAX_WINDOW) return;
    state.window += state.window < state.threshold ? 1 : 1 / state.window;
  }

  /** @param inFlight calls in flight when the throttle was read */
  onThrottle(inFlight: number): void {
    const state = this.#state;
    if (state.window > 1) state.threshold = Math.max(2, inFlight * WINDOW_SHARE_AFTER_THROTTLE);
    state.window = 1;
  }
}
