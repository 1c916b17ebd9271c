import type { Fingerprints } from "../vocabulary/journal.ts";

/** What differs between the run on disk and the one that is asked for, in words. */
export function describeChanges(before: Fingerprints, now: Fingerprints): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].flatMap((name) => {
    if (!Object.hasOwn(now, name)) return [`${name} is gone`];
    if (!Object.hasOwn(before, name)) return [`${name} is new`];
    return before[name] === now[name] ? [] : [`${name} changed`];
  });
}
