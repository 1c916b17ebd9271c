import type { LaneState } from "./lane-state.ts";
import { SUSPECT_PAUSE_MS } from "./pacing.ts";

/** Moves all times of a state, which stays as it is otherwise: the clock it goes by was set. */
export function moveTimes(state: LaneState, byMs: number): void {
  for (const meter of [state.requests, state.tokens]) {
    if (!meter) continue;
    meter.updatedAt += byMs;
    meter.lastGainAt += byMs;
  }
  state.pace.cutAt += byMs;
  if (state.ramp.since !== undefined) state.ramp.since += byMs;
  state.heldUntil += byMs;
  state.sentAt += byMs;
}

/** Takes out times that have not come: clocks of processes differ, and nothing may wait for that. */
export function dropFutureTimes(state: LaneState, now: number): void {
  for (const meter of [state.requests, state.tokens]) {
    if (!meter) continue;
    meter.updatedAt = Math.min(meter.updatedAt, now);
    meter.lastGainAt = Math.min(meter.lastGainAt, now);
  }
  state.pace.cutAt = Math.min(state.pace.cutAt, now);
  const { since } = state.ramp;
  if (since !== undefined) state.ramp.since = Math.min(since, now + SUSPECT_PAUSE_MS);
  state.sentAt = Math.min(state.sentAt, now);
}
