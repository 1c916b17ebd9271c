import { expect, test } from "vitest";
import { FOUR_KEYS, KEYS, makeEnvironment, makeKeyFile, makeRows, rowIds } from "./example.ts";
import { runRota } from "./rota-process.ts";
import { openSimulator, prepareRun, runHere } from "./stage.ts";

/** As fast as four keys may go together: 200 requests a second. */
const LIMITS = { requestsPerMinute: 3_000 };
const PACED = { ...FOUR_KEYS, limitGroups: Object.fromEntries(KEYS.map((key) => [key, LIMITS])) };

test("a key that is revoked half-way costs at most 8 further calls on it, and no row", async () => {
  const simulator = await openSimulator(PACED);
  const folder = prepareRun(simulator.url, { rows: makeRows(600), limits: LIMITS });
  let before: number | undefined;
  const summary = await runHere(folder, {
    onEvent: ({ kind }) => {
      if (kind !== "call-sent" || simulator.stats().received < 300 || before !== undefined) return;
      before = simulator.stats().byKey["b"]?.received ?? 0;
      simulator.addFault({ kind: "revoked", key: "b" });
    },
  });
  expect(summary).toMatchObject({ status: "completed", rows: { done: 600, failed: 0 } });
  expect(before).toBeGreaterThan(0);
  expect((simulator.stats().byKey["b"]?.received ?? 0) - (before ?? 0)).toBeLessThanOrEqual(8);
  expect(summary.keys.find(({ name }) => name === "b")).toMatchObject({ health: "revoked" });
});

test("without any usable key the command ends in 4, and goes on when there is a new one", async () => {
  const simulator = await openSimulator({ ...FOUR_KEYS, keys: { ...FOUR_KEYS.keys, fresh: {} } });
  const folder = prepareRun(simulator.url, { rows: makeRows(200) });
  simulator.addFault({ kind: "revoked", key: [...KEYS], countPer: "server", afterRequests: 100 });
  const stopped = await runRota(folder, makeEnvironment());
  expect(stopped).toMatchObject({ code: 4 });
  expect(JSON.parse(stopped.stdout)).toMatchObject({
    status: "no-usable-key",
    rows: { total: 200, failed: 0 },
    outputs: [],
  });
  expect(stopped.stderr).toMatch(/continue with:\n\s+rota run pipeline\.yml rows\.csv/);

  folder.write("keys.yml", makeKeyFile(simulator.url, { names: ["fresh"] }));
  const continued = await runRota(folder, makeEnvironment(["fresh"]));
  expect(continued).toMatchObject({ code: 0 });
  expect(folder.results().map(({ id }) => id)).toEqual(rowIds(200));
  expect(simulator.stats()).toMatchObject({ accepted: 200, repeats: { requests: 0 } });
});

const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString();
/** How long a server is left alone that says nothing sensible, the first time. */
const GUESSED_MS = 1_000;
/** Calls that a key of unknown limits gets until refusals are read; more where the machine is busy. */
const FIRST_CALLS = 32;

test.for([
  {
    what: "two seconds, none, and less than none",
    waits: { a: ["2", 2_000], b: ["0", GUESSED_MS], c: ["-5", GUESSED_MS] },
  },
  {
    what: "a day, until a date, and for garbage",
    waits: { a: ["86400", 86_400_000], b: [inTwoMinutes, 60_000], c: ["soon", GUESSED_MS] },
  },
] as const)(
  "three keys throttled for $what leave the fourth at work, and are called once for each wait",
  async ({ waits }) => {
    const simulator = await openSimulator(PACED);
    for (const [key, [retryAfter]] of Object.entries(waits)) {
      simulator.addFault({ kind: "throttle", key, retryAfter });
    }
    const folder = prepareRun(simulator.url, { rows: makeRows(180) });
    // At its pace the fourth key takes more than three seconds for all rows.
    const summary = await runHere(folder);
    expect(summary).toMatchObject({ status: "completed", rows: { done: 180, failed: 0 } });
    for (const [key, [, waitMs]] of Object.entries(waits)) {
      const { received = 0, accepted } = simulator.stats().byKey[key] ?? {};
      expect(accepted).toBe(0);
      expect(received).toBeGreaterThan(0);
      expect(received).toBeLessThanOrEqual(FIRST_CALLS + Math.floor(summary.durationMs / waitMs));
    }
  },
);
