import { expect, test } from "vitest";
import { COUNT_UNIT } from "../src/journal/checksums.ts";
import { canInjectFaults, injectFault } from "../testing/crash-trial.ts";
import { makeEnvironment, makeRows, rowIds } from "./example.ts";
import { runKillTrial } from "./kill-trial.ts";
import { RUN, runRota, startRota } from "./rota-process.ts";
import { openSimulator, prepareRun } from "./stage.ts";

const CONCURRENCY = 32;

test("a run that is killed again and again loses no row, repeats none, and ends like one left in peace", async () => {
  const rows = 1_500;
  const { kills, ending, attempts, received, ids, results, undisturbedResults } =
    await runKillTrial({ rows, kills: 4, seed: 1 });

  expect(ending.code).toBe(0);
  expect(JSON.parse(ending.stdout)).toMatchObject({ rows: { total: rows, done: rows, failed: 0 } });
  expect(ids).toEqual(rowIds(rows));
  expect(results).toBe(undisturbedResults);
  expect(Math.max(...kills.map(({ open }) => open))).toBeGreaterThan(0);
  for (const { open, resent } of kills) {
    expect(open).toBeLessThanOrEqual(CONCURRENCY);
    expect(resent).toBeLessThanOrEqual(open);
  }
  // Nothing is sent that the journal does not know of; what it knows of may not have been sent yet.
  expect(received).toBeLessThanOrEqual(attempts);
  expect(attempts - received).toBeLessThanOrEqual(kills.length * CONCURRENCY);
}, 60_000);

test.skipIf(!canInjectFaults())(
  "a run killed at a write has sent nothing that its journal does not know of",
  async () => {
    // Which write comes after the first send depends on the disk and on the replies' order.
    const received = await Promise.all([78, 84, 90, 96, 102].map(killAtWrite));
    expect(Math.max(...received)).toBeGreaterThan(0);
  },
  60_000,
);

/** @returns how many requests had come in when it died */
async function killAtWrite(write: number): Promise<number> {
  const simulator = await openSimulator();
  const folder = prepareRun(simulator.url, { rows: makeRows(50) });
  const under = injectFault("pwrite64", "signal=KILL", String(write));
  await using run = startRota(folder, makeEnvironment(), RUN, under);
  await run.ended;
  // What was on its way when the process died may still come in.
  await expect.poll(() => simulator.stats().concurrency.current).toBe(0);
  const { accepted, received } = simulator.stats();
  const [{ attempts, open } = {}] = folder.query(
    `SELECT sum(attempts) / ${COUNT_UNIT} AS attempts, sum(result IS NULL) AS open FROM call`,
  );
  expect(received).toBeLessThanOrEqual(Number(attempts));

  expect((await runRota(folder, makeEnvironment())).code).toBe(0);
  expect(folder.results().map(({ id }) => id)).toEqual(rowIds(50));
  expect(simulator.stats().accepted - accepted).toBeLessThanOrEqual(50 - accepted + Number(open));
  return received;
}
