import type { Failure } from "../../vocabulary/provider.ts";
import type { Random } from "../../vocabulary/random.ts";

/** What follows from a failed send. */
export type NextMove =
  | {
      readonly kind: "try-again";
      readonly afterMs: number;
      readonly countsAsFault: boolean;
      /** How long the limit group that turned it away is not asked again for this call. */
      readonly stayAwayMs: number;
    }
  | { readonly kind: "give-up" }
  | { readonly kind: "stop-run" };

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** What a server asks for beside a passing fault is kept up to this: one row must not hold a run for a day. */
const MAX_ASKED_MS = 5 * 60_000;

/** A throttle that names no wait. */
const UNNAMED_WAIT_MS = 1_000;
/** A named wait is kept by the one call up to this; whether all must keep it, the key ring judges. */
const MAX_STAY_AWAY_MS = 60_000;
/** So that calls that were turned away together do not come back together. */
const STAY_AWAY_JITTER = 0.1;

const AT_ONCE = { kind: "try-again", afterMs: 0, countsAsFault: false, stayAwayMs: 0 } as const;

export interface MoveCircumstances {
  /** Passing faults of this call so far, over all processes, without this one. */
  readonly faults: number;
  /** At so many faults a call is given up. */
  readonly maxFaults: number;
  /** Whether the endpoint served others since it first had no service for this call. */
  readonly wereOthersServed: boolean;
  readonly random: Random;
}

/**
 * The one place where it is decided whether a call is sent again. Throttles and rejected keys cost
 * the call nothing: the key ring holds the group or takes the key out, which bounds them. Passing
 * faults are bounded by `maxFaults`, with exponential back-off and full jitter in between.
 *
 * Where nobody is served, that is no fault of the call: the key ring holds the endpoint, and its
 * patience bounds it.
 */
export function decideNextMove(failure: Failure, circumstances: MoveCircumstances): NextMove {
  const { random, wereOthersServed } = circumstances;
  switch (failure.class) {
    case "throttled":
    case "ramp-too-steep": {
      const { retryAfterMs = 0 } = failure;
      const askedMs = Math.min(MAX_STAY_AWAY_MS, retryAfterMs > 0 ? retryAfterMs : UNNAMED_WAIT_MS);
      return { ...AT_ONCE, stayAwayMs: askedMs * (1 + STAY_AWAY_JITTER * random()) };
    }
    case "key-revoked":
    case "model-not-allowed":
    case "billing-organization":
    case "billing-project":
      return AT_ONCE;
    case "environment":
      return { kind: "stop-run" };
    case "caller-fault":
      return { kind: "give-up" };
    case "no-service":
      if (wereOthersServed) return decideAfterFault(failure, circumstances);
      return { ...AT_ONCE, afterMs: random() * FIRST_BACKOFF_MS };
    case "transient":
      return decideAfterFault(failure, circumstances);
  }
}

function decideAfterFault(
  { retryAfterMs = 0 }: Failure,
  { faults, maxFaults, random }: MoveCircumstances,
): NextMove {
  if (faults + 1 >= maxFaults) return { kind: "give-up" };
  const backoffMs = random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** faults);
  const afterMs = Math.max(backoffMs, Math.min(MAX_ASKED_MS, retryAfterMs));
  return { ...AT_ONCE, afterMs, countsAsFault: true };
}
