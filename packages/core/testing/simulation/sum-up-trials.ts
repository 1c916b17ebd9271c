import type { TrialResult } from "./simulate.ts";

/** What some trials went through: a simulation in which nothing goes wrong shows nothing. */
export type TrialCounts = Readonly<Record<string, number>>;

export function sumUpTrials(result: TrialResult, before: TrialCounts = {}): TrialCounts {
  const { lives, sends, violations } = result;
  const counts: Record<string, number> = { ...before };
  const add = (name: string, count = 1) => {
    counts[name] = (counts[name] ?? 0) + count;
  };
  add("trials");
  if (violations.length > 0) add("trials with violations");
  add("sends", sends.length);
  for (const { end } of sends) add(`sends: ${end?.kind ?? "never answered"}`);
  for (const { died, error, inFlightAtDeath, plan, summary, tornLog } of lives) {
    add("lives");
    if (tornLog) add("logs torn");
    if (died) add(`ended by ${plan.ending}`);
    else if (summary) add(`ended ${summary.status}`);
    else add(`ended by ${error instanceof Error ? error.name : "nothing"}`);
    if (inFlightAtDeath > 0) add("deaths with calls in flight");
  }
  return counts;
}
