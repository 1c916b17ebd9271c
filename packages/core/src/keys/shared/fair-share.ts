import { CATCH_UP_MS, MAX_DEFERENCE_MS, TURN_MS } from "../limits/pacing.ts";

/** What one process has of a lane. */
export interface LaneShare {
  /** Calls of it in flight. */
  readonly inFlight: number;
  /** What it was served, in milliseconds of the tightest limit. */
  readonly servedMs: number;
}

/** What the processes share. */
export interface LaneSupply {
  /** Calls that may be in flight at one time. */
  readonly places: number;
  /** How long the tightest limit takes to grant the next call. */
  readonly costMs: number;
  /** When the last call was sent, by whomever. */
  readonly sentAt: number;
}

/**
 * Whether a process may have one more of the places, beside others who wait for some: it may have
 * its equal part, and what of theirs the others do not need.
 */
export function mayHavePlace(
  own: LaneShare,
  rivals: readonly LaneShare[],
  places: number,
): boolean {
  const part = Math.max(1, Math.floor(places / (rivals.length + 1)));
  return own.inFlight < part || rivals.every(({ inFlight }) => inFlight >= part);
}

/**
 * How long a process that was served more than others leaves the next call to them. That is never
 * long: the meters save up what goes unused meanwhile. Of one who is far behind nothing is
 * expected: what it waits for is something else.
 * @param freedAt when a call of this process last ended
 * @returns a time; 0 for not at all
 */
export function deferUntil(
  own: LaneShare,
  rivals: readonly LaneShare[],
  { places, costMs, sentAt }: LaneSupply,
  freedAt: number,
): number {
  const leadMs = own.servedMs - Math.min(...rivals.map(({ servedMs }) => servedMs));
  if (leadMs <= costMs / 2 || leadMs > mostLeadMs(costMs)) return 0;
  if (places <= rivals.length) return freedAt + TURN_MS;
  return sentAt + costMs + Math.min(costMs, MAX_DEFERENCE_MS);
}

/** What is counted as served to a process after one more call; others' time that it idled away is gone. */
export function countServed(own: LaneShare, rivals: readonly LaneShare[], costMs: number): number {
  const lowest = Math.max(0, ...rivals.map(({ servedMs }) => servedMs - mostLeadMs(costMs)));
  // Where no limit of time is known, calls are counted.
  return Math.max(own.servedMs, lowest) + Math.max(1, costMs);
}

function mostLeadMs(costMs: number): number {
  return CATCH_UP_MS + 2 * costMs;
}
