import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** The young generation stops growing here: twice as much saves a twelfth of the time, and takes 13 MB. */
const YOUNG_BYTES = 16e6;
/** Collected when the old generation has this much: a run itself keeps about 15 MB alive. */
const OLD_BYTES = 30e6;
/** Collected when replies of megabytes, as bytes and as text, have left this much. */
const LARGE_BYTES = 40e6;
const LOOK_EVERY_MS = 100;

/**
 * Keeps a long run small. On a machine with much memory V8 lets garbage pile up to some 300 MB
 * before it collects, which is read as a leak and does not fit a small container. This bounds the
 * young generation, and collects the old one when it is mostly garbage: a handful of times in
 * 20,000 rows (`docs/decisions/0015-a-small-heap.md`).
 *
 * V8 has no interface for this to a running program but its flags; both are read when they are used.
 * @returns what ends it
 */
export function keepHeapSmall(): () => void {
  const collect = findCollector();
  const timer = setInterval(() => {
    const used = new Map(
      getHeapSpaceStatistics().map((space) => [space.space_name, space] as const),
    );
    if ((used.get("new_space")?.space_size ?? 0) >= YOUNG_BYTES) {
      setFlagsFromString("--semi-space-growth-factor=1");
    }
    const oldBytes = used.get("old_space")?.space_used_size ?? 0;
    const largeBytes =
      (used.get("large_object_space")?.space_used_size ?? 0) + getHeapStatistics().external_memory;
    if (oldBytes >= OLD_BYTES || largeBytes >= LARGE_BYTES) collect();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function findCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  return typeof collect === "function" ? () => void collect() : () => {};
}
