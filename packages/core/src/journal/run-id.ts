import type { Random } from "../vocabulary/random.ts";

/** A name for a run that people can read and sort: `20261123-101500-a1b2`, in UTC. */
export function createRunId(startedAt: number, random: Random): string {
  const [date, time] = new Date(startedAt)
    .toISOString()
    .replace(/[-:]|\..*/g, "")
    .split("T");
  const mark = Math.floor(random() * 0x10000);
  return `${date}-${time}-${mark.toString(16).padStart(4, "0")}`;
}
