import { expect, test } from "vitest";
import { FOUR_KEYS, makeEnvironment, makeRows } from "./example.ts";
import { runRota } from "./rota-process.ts";
import { openSimulator, prepareRun } from "./stage.ts";

/** As many as may be in flight: on a busy machine all are sent before the first refusal is read. */
const MOST_CALLS = 32;
const ONE_KEY = { ...FOUR_KEYS, keys: { a: {} } };

test("a model that is not there is told in one line, with what to do, after a few calls", async () => {
  const simulator = await openSimulator(ONE_KEY);
  simulator.addFault({ kind: "model-not-found" });
  const folder = prepareRun(simulator.url, { names: ["a"], rows: makeRows(300) });
  const stopped = await runRota(folder, makeEnvironment());
  expect(stopped.code).toBe(4);
  expect(stopped.stderr).toMatch(/gpt-5-mini.*Correct the model in the pipeline/);
  expect(JSON.parse(stopped.stdout)).toMatchObject({ rows: { failed: 0 } });
  expect(simulator.stats().received).toBeLessThanOrEqual(MOST_CALLS);
});

test("a wrong path of the base URL ends the run in 7 after a few calls, names it, and fails no row", async () => {
  const simulator = await openSimulator(ONE_KEY);
  const url = `${simulator.url}/wrong`;
  const folder = prepareRun(url, { names: ["a"], rows: makeRows(300) });
  const stopped = await runRota(folder, makeEnvironment());
  expect(stopped.code).toBe(7);
  expect(stopped.stderr).toContain(`refused alike by ${url}`);
  expect(stopped.stderr).toMatch(/continue with.*:\n\s+rota run pipeline\.yml rows\.csv/);
  const { rows, calls } = JSON.parse(stopped.stdout);
  expect(rows).toMatchObject({ total: 300, done: 0, failed: 0 });
  expect(calls.sent).toBeLessThanOrEqual(MOST_CALLS);
});
