/**
 * Goes through many seeds of the simulation, and tells of each that breaks a promise how to see it
 * again.
 *
 *     node packages/core/bench/soak-simulation.ts [SEEDS] [FIRST]
 */
import { performance } from "node:perf_hooks";
import { simulate } from "../testing/simulation/simulate.ts";
import { sumUpTrials, type TrialCounts } from "../testing/simulation/sum-up-trials.ts";

const [seeds = 10_000, first = 1] = process.argv.slice(2).map(Number);
const startedAt = performance.now();
let counts: TrialCounts | undefined;
for (let seed = first; seed < first + seeds; seed += 1) {
  const result = await simulate(seed);
  counts = sumUpTrials(result, counts);
  if ((seed - first + 1) % 1_000 === 0)
    console.log(`${seed - first + 1} seeds, the last one ${seed}`);
  if (result.violations.length === 0) continue;
  process.exitCode = 1;
  console.error(`BROKEN: node packages/core/testing/simulation/replay.ts ${seed}`);
  for (const violation of result.violations.slice(0, 5)) {
    console.error(`  ${violation.split("\n", 3).join("\n  ").slice(0, 400)}`);
  }
}
const seconds = (performance.now() - startedAt) / 1000;
console.log(
  `${seeds} seeds in ${seconds.toFixed(0)} s, ${((seconds / seeds) * 1000).toFixed(0)} s for 1,000`,
);
console.log(counts);
