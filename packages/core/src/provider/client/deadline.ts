import type { Clock } from "../../vocabulary/clock.ts";

/** A deadline that is heard so much too late was not kept by a busy process: the process stood still. */
const STOOD_STILL_MS = 500;

/** What has arrived in the meantime lies on this machine: a second is ample to read it. */
const READ_GRACE_MS = 1_000;

/**
 * Calls back at a deadline, but not before what arrived in time could be read.
 *
 * A process that was stopped (Ctrl-Z, a paused container) or blocked finds its timers due before it
 * looks at its sockets, where whole replies may lie that are paid for. So the deadline is looked at
 * once more: after the next turn of the event loop, or with some grace when it is heard far too late.
 * @returns what cancels it
 */
export function scheduleDeadline(clock: Clock, timeoutMs: number, onDeadline: () => void) {
  const dueAt = clock.now() + timeoutMs;
  let cancel = clock.schedule(timeoutMs, () => {
    const stoodStill = clock.now() - dueAt >= STOOD_STILL_MS;
    cancel = clock.schedule(stoodStill ? READ_GRACE_MS : 0, onDeadline);
  });
  return () => cancel();
}
