import type { RateLimits } from "../../vocabulary/named-key.ts";
import type { LaneState } from "./lane-state.ts";
import { beginRequests, beginTokens } from "./meter.ts";
import { FIRST_WINDOW, MAX_WINDOW, ONE_CUT_MS, PACE_CUTS } from "./pacing.ts";

/** A lane that nobody has used yet. */
export function beginLane(limits: RateLimits, now: number): LaneState {
  const { requestsPerMinute, tokensPerMinute } = limits;
  const isKnown = requestsPerMinute !== undefined || tokensPerMinute !== undefined;
  return {
    limits,
    granted: limits,
    told: {},
    requests: requestsPerMinute === undefined ? undefined : beginRequests(requestsPerMinute, now),
    tokens: tokensPerMinute === undefined ? undefined : beginTokens(tokensPerMinute, now),
    pace: { atCut: 1, cutAt: -ONE_CUT_MS, recoveryMs: PACE_CUTS.throttled.recoveryMs },
    // A lane of known limits is paced by them, and needs no window to begin with.
    ramp: { from: isKnown ? MAX_WINDOW : FIRST_WINDOW },
    refusals: { sent: 0, refused: 0 },
    heldUntil: 0,
    holds: 0,
    holdsOnEnd: 0,
    recentSends: 0,
    sentAt: 0,
  };
}
