import type { LaneState } from "./lane-state.ts";
import { MIN_PACE, ONE_CUT_MS, PACE_CUTS } from "./pacing.ts";

/**
 * The share of the granted rate that is used. Cut by a throttle that was not foreseen, it rises
 * again in a line, to the whole of it.
 */
export class Pace {
  readonly #state: LaneState["pace"];

  /** @param state is changed in place */
  constructor(state: LaneState["pace"]) {
    this.#state = state;
  }

  at(now: number): number {
    const state = this.#state;
    if (state.atCut === 1) return 1;
    const recovered = (now - state.cutAt) / state.recoveryMs;
    const pace = Math.min(1, state.atCut + recovered);
    if (pace === 1) state.atCut = 1;
    return pace;
  }

  cut(kind: keyof typeof PACE_CUTS, now: number): void {
    const state = this.#state;
    if (now - state.cutAt < ONE_CUT_MS) return;
    const { factor, recoveryMs } = PACE_CUTS[kind];
    state.atCut = Math.max(MIN_PACE, this.at(now) * factor);
    state.cutAt = now;
    state.recoveryMs = recoveryMs;
  }
}
