import type { Random } from "../../vocabulary/random.ts";
import type { LaneState } from "./lane-state.ts";
import { FIRST_HOLD_MS, FIRST_LENGTHENED_HOLD_MS, HOLD_JITTER, MAX_HOLD_MS } from "./pacing.ts";

type HoldState = Pick<LaneState, "heldUntil" | "holds" | "holdsOnEnd">;

/** The times at which a lane is left alone, and how often that was not enough. */
export class Holds {
  readonly #state: HoldState;

  /** @param state is changed in place */
  constructor(state: HoldState) {
    this.#state = state;
  }

  get until(): number {
    return this.#state.heldUntil;
  }

  /** How many there were: tells whether a call was sent before the last one. */
  get count(): number {
    return this.#state.holds;
  }

  begin(retryAfterMs: number | undefined, now: number, random: Random): void {
    const state = this.#state;
    this.extend(chooseHoldMs(retryAfterMs, state.holdsOnEnd), now, random);
    state.holdsOnEnd += 1;
    state.holds += 1;
  }

  /** Never shortens it. */
  extend(durationMs: number, now: number, random: Random): void {
    const jitter = Math.max(0, durationMs) * HOLD_JITTER * random();
    this.#state.heldUntil = Math.max(this.#state.heldUntil, now + durationMs + jitter);
  }

  onAnswer(): void {
    this.#state.holdsOnEnd = 0;
  }
}

/**
 * A wait that was named is kept. One that was kept and was not enough is lengthened: where refused
 * calls are counted too, a server can name the same short wait for ever.
 */
function chooseHoldMs(retryAfterMs: number | undefined, holdsOnEnd: number): number {
  const named = retryAfterMs !== undefined && retryAfterMs > 0 ? retryAfterMs : undefined;
  if (named === undefined) return Math.min(MAX_HOLD_MS, FIRST_HOLD_MS * 2 ** holdsOnEnd);
  if (holdsOnEnd === 0) return named;
  const lengthened = Math.max(named, FIRST_LENGTHENED_HOLD_MS / 2) * 2 ** holdsOnEnd;
  return Math.max(named, Math.min(MAX_HOLD_MS, lengthened));
}
