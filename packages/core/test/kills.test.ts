import { expect, test } from "vitest";
import { rowIds } from "./example.ts";
import { runKillTrial } from "./kill-trial.ts";

const CONCURRENCY = 32;

test("a run that is killed again and again loses no row, repeats none, and ends like one left in peace", async () => {
  const rows = 1_500;
  const { kills, ending, attempts, received, ids, results, undisturbedResults } =
    await runKillTrial({ rows, kills: 4, seed: 1 });

  expect(ending.code).toBe(0);
  expect(JSON.parse(ending.stdout)).toMatchObject({ rows: { total: rows, done: rows, failed: 0 } });
  expect(ids).toEqual(rowIds(rows));
  expect(results).toBe(undisturbedResults);
  for (const { open, resent } of kills) {
    expect(open).toBeLessThanOrEqual(CONCURRENCY);
    expect(resent).toBeLessThanOrEqual(open);
  }
  // Nothing is sent that the journal does not know of; what it knows of may not have been sent yet.
  expect(received).toBeLessThanOrEqual(attempts);
  expect(attempts - received).toBeLessThanOrEqual(kills.length * CONCURRENCY);
}, 60_000);
