import type { CallStatus } from "../vocabulary/journal.ts";

/** What this process has done, in numbers. */
export interface Tally {
  sent: number;
  succeeded: number;
  throttled: number;
  /** Sends of a call that this process had sent before, for whatever reason. */
  retried: number;
  /** Calls that an earlier process had left open, sent again. */
  resent: number;
  /** Replies that held a secret, which was masked. */
  masked: number;
  /** Groups that were gone through, by how they ended: all of the run, also those of earlier processes. */
  readonly groups: Record<CallStatus, number>;
}

export function startTally(): Tally {
  return {
    sent: 0,
    succeeded: 0,
    throttled: 0,
    retried: 0,
    resent: 0,
    masked: 0,
    groups: { done: 0, failed: 0, skipped: 0, uncertain: 0 },
  };
}
