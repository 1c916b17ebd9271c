/** What this process has sent, in numbers. */
export class Tally {
  sent = 0;
  succeeded = 0;
  throttled = 0;
  /** Sends of a call that this process had sent before, for whatever reason. */
  retried = 0;
  /** Calls that an earlier process had left open, sent again. */
  resent = 0;
}
