/** What this process has sent, in numbers. */
export interface Tally {
  sent: number;
  succeeded: number;
  throttled: number;
  /** Sends of a call that this process had sent before, for whatever reason. */
  retried: number;
  /** Calls that an earlier process had left open, sent again. */
  resent: number;
}

export function startTally(): Tally {
  return { sent: 0, succeeded: 0, throttled: 0, retried: 0, resent: 0 };
}
