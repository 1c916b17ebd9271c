import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { ECHO, FOUR_KEYS, makeEnvironment, makeRows, rowIds } from "./example.ts";
import { runRota, startRota } from "./rota-process.ts";
import { openSimulator, prepareRun } from "./stage.ts";

const LONGEST_STOP_MS = 5_000;

// Windows has no signals: `kill` ends a process there at once.
test.skipIf(process.platform === "win32").for(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends a run whose calls hang within five seconds, so that the command printed goes on",
  async (signal) => {
    const simulator = await openSimulator({
      ...FOUR_KEYS,
      faults: [{ kind: "hang", afterRequests: 100, untilRequests: 132 }],
    });
    const folder = prepareRun(simulator.url, { rows: makeRows(150) });
    await using run = startRota(folder, makeEnvironment());
    await expect.poll(() => simulator.stats().received, { timeout: 20_000 }).toBe(132);
    // The answers before the hanging calls are still on their way.
    await expect.poll(() => simulator.stats().concurrency.current, { timeout: 5_000 }).toBe(32);
    const signalledAt = performance.now();
    run.child.kill(signal);
    const stopped = await run.ended;
    expect(performance.now() - signalledAt).toBeLessThan(LONGEST_STOP_MS);
    expect(stopped.code).toBe(130);
    expect(JSON.parse(stopped.stdout)).toMatchObject({
      status: "interrupted",
      rows: { total: 150, done: 100, failed: 0 },
      outputs: [],
    });
    expect(stopped.stderr).toMatch(/continue with:\n\s+rota run pipeline\.yml rows\.csv/);

    const continued = await runRota(folder, makeEnvironment());
    expect(continued.code).toBe(0);
    expect(JSON.parse(continued.stdout)).toMatchObject({
      rows: { done: 150 },
      calls: { sent: 50, resent: 32 },
    });
    expect(folder.results().map(({ id }) => id)).toEqual(rowIds(150));
    expect(simulator.stats().repeats).toEqual({ requests: 32, largestCount: 2 });
  },
);

test.skipIf(process.platform === "win32")(
  "a second signal ends the run at once, and it can still be continued",
  async () => {
    const simulator = await openSimulator({
      ...FOUR_KEYS,
      // As many as may be in flight.
      faults: [{ kind: "hang", untilRequests: 32 }],
    });
    const folder = prepareRun(simulator.url, { rows: makeRows(60) });
    await using run = startRota(folder, makeEnvironment());
    await expect.poll(() => simulator.stats().received, { timeout: 20_000 }).toBe(32);
    const signalledAt = performance.now();
    run.child.kill("SIGINT");
    await sleep(200);
    run.child.kill("SIGINT");
    const stopped = await run.ended;
    // The first signal alone would have waited three seconds for the calls in flight.
    expect(performance.now() - signalledAt).toBeLessThan(2_500);
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain("rota run pipeline.yml rows.csv");

    const continued = await runRota(folder, makeEnvironment());
    expect(continued.code).toBe(0);
    expect(folder.results().map(({ id }) => id)).toEqual(rowIds(60));
  },
);

test("of three processes that begin one run together, one runs and the others say so", async () => {
  const simulator = await openSimulator({ ...FOUR_KEYS, latency: { kind: "fixed", ms: 500 } });
  const folder = prepareRun(simulator.url, { rows: makeRows(150) });
  const endings = await Promise.all([1, 2, 3].map(() => runRota(folder, makeEnvironment())));
  expect(endings.filter(({ code }) => code === 0)).toHaveLength(1);
  for (const { code, stderr, stdout } of endings) {
    if (code === 0) continue;
    expect(code).toBe(2);
    expect(stderr).toMatch(/Another process has this run open/);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "run-locked" } });
  }
  expect(folder.results().map(({ id }) => id)).toEqual(rowIds(150));
  expect(simulator.stats().received).toBe(150);
});

test.skipIf(process.platform === "win32")(
  "a process that was stopped longer than its calls may take reads the replies that wait for it",
  async () => {
    const simulator = await openSimulator({ ...FOUR_KEYS, latency: { kind: "fixed", ms: 1_500 } });
    const pipeline = ECHO.replace("concurrency: 32", "concurrency: 32, callTimeoutSeconds: 2");
    // Keys of unknown limits begin with four calls each.
    const folder = prepareRun(simulator.url, { pipeline, rows: makeRows(16) });
    await using run = startRota(folder, makeEnvironment());
    await expect.poll(() => simulator.stats().received, { timeout: 20_000 }).toBe(16);
    run.child.kill("SIGSTOP");
    await sleep(4_000);
    run.child.kill("SIGCONT");
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      rows: { done: 16 },
      calls: { sent: 16, succeeded: 16, retried: 0 },
    });
    expect(simulator.stats().received).toBe(16);
  },
);

test.skipIf(process.platform === "win32").for([
  ["a limit of the day", { retryAfter: "86400" }],
  ["a limit that names no end", {}],
] as const)("a signal ends a run at once in which every key waits for %s", async ([, throttle]) => {
  const simulator = await openSimulator({
    ...FOUR_KEYS,
    faults: [{ kind: "throttle", ...throttle }],
  });
  const folder = prepareRun(simulator.url, { rows: makeRows(60) });
  await using run = startRota(folder, makeEnvironment());
  await expect.poll(() => simulator.stats().received, { timeout: 20_000 }).toBeGreaterThan(3);
  await sleep(500);
  const signalledAt = performance.now();
  run.child.kill("SIGINT");
  const { code, stdout } = await run.ended;
  expect(performance.now() - signalledAt).toBeLessThan(5_000);
  expect(code).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ status: "interrupted", rows: { done: 0, failed: 0 } });
});
