import type { LaneState } from "./lane-state.ts";
import {
  FIRST_WINDOW,
  MAX_WINDOW,
  OPENING_STEP_MS,
  PROBE_CONFIRMED_MS,
  REGROW_MS,
  ROUNDING,
  WINDOW_SHARE_AFTER_THROTTLE,
} from "./pacing.ts";

/**
 * How many calls a lane may have in flight while its limits are unknown, or after a hold.
 *
 *     opening ──step by step──▶ open
 *        ▲   ▲                    │
 *        │   └──limits are known──┤ (no window: the meters say how fast)
 *     probing ◀──────hold─────────┘
 *
 * - opening: the window doubles with each step of time in which nothing was refused. Refusals come
 *   back in tens of milliseconds and replies in seconds: to wait for replies would be to wait for
 *   nothing.
 * - probing: one call, until it is answered, or has not been refused for a while.
 * - after a throttle of unknown limits the window that led to it is a peak: opening ends at four
 *   fifths of it. From there it nears the peak slowly, and leaves it behind ever faster.
 *
 * Time counts from the first call: a lane that nobody uses learns nothing.
 */
export class Ramp {
  readonly #state: LaneState["ramp"];

  /** @param state is changed in place */
  constructor(state: LaneState["ramp"]) {
    this.#state = state;
  }

  get isProbing(): boolean {
    return this.#state.from === 1;
  }

  windowAt(now: number): number {
    const { from, since, peak } = this.#state;
    if (from >= MAX_WINDOW || since === undefined) return from;
    const elapsed = Math.max(0, now - since);
    const opened = openTo(from, elapsed);
    if (peak === undefined) return Math.min(MAX_WINDOW, opened);
    const threshold = thresholdOf(peak);
    if (opened < threshold) return opened;
    const beyond = elapsed - timeToOpen(from, threshold);
    return Math.min(MAX_WINDOW, Math.max(threshold, regrow(peak, beyond)));
  }

  /** When so many calls may be in flight; never, before the first is. */
  readyAt(inFlight: number): number {
    const { from, since, peak } = this.#state;
    if (inFlight <= from) return 0;
    if (since === undefined) return Infinity;
    const threshold = peak === undefined ? Infinity : thresholdOf(peak);
    if (peak === undefined || inFlight <= threshold) return since + timeToOpen(from, inFlight);
    return since + timeToOpen(from, threshold) + timeToRegrow(peak, inFlight);
  }

  /**
   * A window that was not used up has not been tried: it goes on from twice what is in flight. That
   * also holds back a process that was busy for some steps, and could not read a refusal meanwhile.
   */
  onSend(inFlight: number, now: number): void {
    const state = this.#state;
    state.since ??= now;
    const tried = Math.max(FIRST_WINDOW, 2 * inFlight);
    if (this.isProbing || state.peak !== undefined || this.windowAt(now) <= tried) return;
    if (state.from >= MAX_WINDOW) return;
    state.from = tried;
    state.since = now;
  }

  /** An answer to a call that was sent since the last hold: a probe need not be waited for longer. */
  onAnswer(now: number): void {
    const state = this.#state;
    if (!this.isProbing) return;
    state.from = Math.min(FIRST_WINDOW, thresholdOf(state.peak ?? Infinity));
    state.since = now;
  }

  /** Grows no further for a moment: something was refused, though not enough to tell why. */
  pause(inFlight: number, until: number, now: number): void {
    const state = this.#state;
    if (state.from >= MAX_WINDOW || state.peak !== undefined) return;
    state.from = Math.max(2, Math.min(this.windowAt(now), inFlight));
    state.since = until;
  }

  /**
   * Begins anew with one call.
   * @param peak calls in flight that were too many; undefined where limits are known
   */
  restart(peak: number | undefined): void {
    const state = this.#state;
    // While one is probing, the number in flight says nothing.
    if (!this.isProbing || peak === undefined) state.peak = peak;
    state.from = 1;
    state.since = undefined;
  }

  /** The limits are known now: meters pace the lane. A probe is waited for all the same. */
  end(): void {
    const state = this.#state;
    state.peak = undefined;
    if (!this.isProbing) state.from = MAX_WINDOW;
  }
}

function thresholdOf(peak: number): number {
  return Math.max(2, peak * WINDOW_SHARE_AFTER_THROTTLE);
}

/** A window that began at `from`, doubled with each step. A first one of one call is a probe. */
function openTo(from: number, elapsed: number): number {
  const opening = from > 1 ? elapsed : elapsed - PROBE_CONFIRMED_MS + OPENING_STEP_MS;
  // A hair of a step is no step that is missing.
  const steps = Math.max(0, Math.floor(opening / OPENING_STEP_MS + ROUNDING));
  return Math.min(MAX_WINDOW, from * 2 ** Math.min(32, steps));
}

function timeToOpen(from: number, window: number): number {
  const opening = Math.ceil(Math.log2(window / from)) * OPENING_STEP_MS;
  if (opening <= 0) return 0;
  return from > 1 ? opening : PROBE_CONFIRMED_MS - OPENING_STEP_MS + opening;
}

/** As CUBIC does: fast up to near the peak, slow about it, then ever faster. */
function regrow(peak: number, elapsed: number): number {
  const share = 1 - WINDOW_SHARE_AFTER_THROTTLE;
  return peak * (1 + share * (elapsed / REGROW_MS - 1) ** 3);
}

function timeToRegrow(peak: number, window: number): number {
  const share = 1 - WINDOW_SHARE_AFTER_THROTTLE;
  return Math.max(0, REGROW_MS * (1 + Math.cbrt((window / peak - 1) / share)));
}
