import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { RunLock } from "../journal/run-lock.ts";
import type { Clock } from "../vocabulary/clock.ts";
import { placeOutput, type OutputPlace } from "./output-place.ts";

/**
 * Removes what other runs of the same state directory left where outputs are made. Only of those whose
 * lock is free: their process has died, for one that lives holds it until its outputs are in place.
 * @param directory the folder of this run, without links; those of the others lie beside it
 */
export function sweepLeftovers(
  places: readonly OutputPlace[],
  directory: string,
  clock: Clock,
): void {
  const runs = dirname(directory);
  for (const name of readdirSync(runs)) {
    const other = join(runs, name);
    if (other === directory) continue;
    const left = places
      .map((place) => placeOutput(place, other).temporary)
      .filter((file) => existsSync(file));
    if (left.length > 0) removeIfDead(left, other, clock);
  }
}

function removeIfDead(left: readonly string[], run: string, clock: Clock): void {
  try {
    const lock = new RunLock(run, clock);
    try {
      for (const file of left) rmSync(file, { force: true });
    } finally {
      lock.release();
    }
  } catch {
    // It lives, or is not ours to tidy: nothing of this run depends on it.
  }
}
