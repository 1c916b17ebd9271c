import { expect, test } from "vitest";
import { simulate } from "../testing/simulation/simulate.ts";
import { sumUpTrials, type TrialCounts } from "../testing/simulation/sum-up-trials.ts";

/** More of them: `pnpm test:soak`. */
const SEEDS = 200;
/** Seeds of one test, so that a slow machine keeps within the time of one. */
const SEEDS_AT_ONCE = 50;

let counts: TrialCounts = {};

test.each(Array.from({ length: SEEDS / SEEDS_AT_ONCE }, (_, index) => index * SEEDS_AT_ONCE + 1))(
  "whatever happens to processes, servers and files under the seeds from %i on, no promise is broken",
  async (first) => {
    const broken: string[] = [];
    for (let seed = first; seed < first + SEEDS_AT_ONCE; seed += 1) {
      const result = await simulate(seed);
      counts = sumUpTrials(result, counts);
      if (result.violations.length === 0) continue;
      const replay = `npx node packages/core/testing/simulation/replay.ts ${seed}`;
      broken.push(`${replay}\n  ${result.violations.join("\n  ")}`);
    }
    expect(broken.join("\n")).toBe("");
  },
);

test("the seeds go through every kind of trouble and every kind of end", () => {
  const kinds = [
    "ended by kill",
    "ended by power-loss",
    "logs torn",
    "ended interrupted",
    "ended completed",
    "ended failed",
    "ended budget",
    "ended no-usable-key",
    "ended by RunChangedError",
    "ended by StorageError",
    "deaths with calls in flight",
    "sends: turned-away",
    "sends: refused",
    "sends: lost",
    "sends: wrong-request",
    "sends: never answered",
  ];
  expect(Object.keys(counts)).toEqual(expect.arrayContaining(kinds));
});

test("the same seed goes the same way", async () => {
  const tell = async (seed: number) => {
    const lines: string[] = [];
    await simulate(seed, (line) => void lines.push(line.replaceAll(/rota-simulation-\w+/g, "")));
    return lines;
  };
  for (const seed of [1, 2, 3]) expect(await tell(seed)).toEqual(await tell(seed));
});
