/**
 * Every number that decides how fast calls go out, by what it decides. Whoever wants another pace
 * changes it here, and runs `node packages/core/bench/ring-scenarios.ts` before and after.
 */

// How a count fills ------------------------------------------------------------------------------

/**
 * Slower than granted by this much, so that clocks and latencies that vary do not add up to a
 * throttle; what is lost comes back by reconciling.
 */
export const CAUTION = 0.985;
/** Servers enforce a minute by the second: a second's worth of requests is all that is ever saved up. */
export const REQUEST_CAPACITY_MINUTES = 1 / 60;
/**
 * Half of it is kept back, so that a burst is at most half a second's. What is kept back shows a
 * drift, and is used up by others' bursts before calls of ours are refused.
 */
export const REQUEST_FLOOR_SHARE = 0.5;
/** A lane of few requests a minute does not wait a whole interval for its first. */
export const MAX_FIRST_WAIT_MS = 1_000;
/** Tokens may be saved up for most of a minute: single calls can need that much. */
export const TOKEN_CAPACITY_MINUTES = 0.9;
/** Below this part of the limit both sides would read about zero, and a drift would not show. */
export const TOKEN_FLOOR_SHARE = 0.06;
/** A floor shrinks to so many times the largest deficit of late, and to this part of a minute at least. */
export const FLOOR_PER_DEFICIT = 4;
export const MIN_FLOOR_SHARE = 0.002;
/** So much of the largest deficit is left with each answer that reports a smaller one. */
export const DEFICIT_KEPT = 0.97;

// How far a server's own count is believed -------------------------------------------------------

/** A surplus is believed when it showed in so many answers on end. */
export const SURPLUS_SAMPLES = 15;
/** So much of the smallest of them is given back at a time. */
export const SURPLUS_SHARE = 0.5;
/** A server's left-over requests are used up this much faster than granted, so that no burst comes of it. */
export const REQUEST_CATCH_UP = 0.05;
/** A limit that answers report is changed when so many on end report another. */
export const TOLD_DOUBTED = 3;
/** A call is refused as too large for it when it was reported so often. */
export const TOLD_CONFIRMED = 3;
/**
 * A window that refills slower than a tenth of its limit a minute is a day's or an hour's: pacing
 * by it would stretch a run over that day, though all of it may be used at once.
 */
export const LONG_WINDOW_SHARE = 0.1;

// What refusals are evidence of -------------------------------------------------------------------

/** Refusals are weighed over about so many sends. */
export const REFUSAL_MEMORY = 16;
/** So many, if they are such a share of what was sent, are a limit that was met. */
export const LIMIT_REFUSALS = 4;
export const LIMIT_SHARE = 0.4;
/** So many may be the beginning of that: the window does not grow meanwhile. */
export const SUSPECT_REFUSALS = 2;
export const SUSPECT_SHARE = 0.25;
export const SUSPECT_PAUSE_MS = 250;
/** A lane that uses less than this share of a limit has not met it. */
export const NEAR_LIMIT_SHARE = 0.5;

// What a throttle does ---------------------------------------------------------------------------

/** A throttle that names no wait: doubled with each one on end, up to the longest. */
export const FIRST_HOLD_MS = 1_000;
export const MAX_HOLD_MS = 60_000;
/** A named wait that was kept and was not enough is doubled each time, and is this at least. */
export const FIRST_LENGTHENED_HOLD_MS = 250;
/** Up to a tenth more than asked for, so that several who were told the same do not return as one. */
export const HOLD_JITTER = 0.1;
/** What each kind of throttle does to the rate, and how long it takes to be whole again. */
export const PACE_CUTS = {
  throttled: { factor: 0.8, recoveryMs: 20_000 },
  "ramp-too-steep": { factor: 0.5, recoveryMs: 180_000 },
} as const;
/** Throttles come in groups; one cut answers all of a group. */
export const ONE_CUT_MS = 2_000;
/** A rate is never cut below this: something must go out to learn that it would go faster. */
export const MIN_PACE = 0.05;

// How many calls may be in flight ----------------------------------------------------------------

/** Calls in flight that a lane of unknown limits may begin with. */
export const FIRST_WINDOW = 4;
/**
 * It doubles with each step of time without a refusal. A refusal is back within a step from most
 * servers; 128 calls are in flight after five steps, which costs a quarter of a second.
 */
export const OPENING_STEP_MS = 60;
/** A probe that was not refused for so long is being served, however long its answer takes. */
export const PROBE_CONFIRMED_MS = 300;
/** Above this a window is no bound any more. */
export const MAX_WINDOW = 65_536;
/** A window that led to a throttle is grown back to this part of it, then more slowly. */
export const WINDOW_SHARE_AFTER_THROTTLE = 0.8;
/** It is back at its peak after so long, and well above after twice that. */
export const REGROW_MS = 10_000;

// Among several processes ------------------------------------------------------------------------

/** Share of the pace for a process that cannot see whether others use its limits. */
export const UNSEEN_OTHERS_PACE = 0.8;
/**
 * A process that is behind others has the right of way until it has caught up; of what it did not
 * take for so long, in time of the limit, it has made no use, and the right is gone.
 */
export const CATCH_UP_MS = 1_000;
/** Whoever is ahead waits at most this much longer than the limit asks, for the other to go first. */
export const MAX_DEFERENCE_MS = 100;
/** Where there are fewer places than processes, one that had a place leaves it to the others for so long. */
export const TURN_MS = 250;

// The ring ---------------------------------------------------------------------------------------

/** Calls behind a waiting one that are looked at, to use what it leaves open. */
export const LOOK_AHEAD = 64;
/** Billing trouble is looked at again after this long, by one call. */
export const PROBE_AFTER_MS = 5 * 60_000;
/** An endpoint where nobody is served is tried after so long, then after twice that, up to the longest. */
export const FIRST_PROBE_MS = 500;
export const MAX_PROBE_MS = 2_000;
/** The load that is shown is averaged over about this long. */
export const LOAD_MS = 5_000;
/** Sums of fractions miss a whole by less than this; without it a wake-up can come a hair too early. */
export const ROUNDING = 1e-9;
