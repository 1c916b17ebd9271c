/**
 * How close the key ring comes to the shortest possible time, in virtual time, against a modelled
 * server that charges at admission, paces requests by the second and counts refused ones too.
 *
 *     node packages/core/bench/ring-scenarios.ts
 */
import { SCENARIOS } from "./ring/scenarios.ts";
import { runScenario, type ScenarioResult } from "./ring/run-scenario.ts";

const SEEDS = [1, 2, 3];

console.log("scenario                                   efficiency   429 rate   bar");
for (const scenario of SCENARIOS) {
  const results: ScenarioResult[] = [];
  for (const seed of SEEDS) results.push(await runScenario(scenario, seed));
  const worstEfficiency = Math.min(...results.map(({ efficiency }) => efficiency));
  const worstThrottleShare = Math.max(...results.map(({ throttleShare }) => throttleShare));
  const { efficiency, throttleShare } = scenario.bar;
  const holds = worstEfficiency >= efficiency && worstThrottleShare <= throttleShare;
  console.log(
    scenario.name.padEnd(42),
    percent(worstEfficiency).padStart(10),
    percent(worstThrottleShare, 2).padStart(10),
    `  ≥ ${percent(efficiency)}, ≤ ${percent(throttleShare)} ${holds ? "holds" : "MISSED"}`,
  );
}

function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}
