import { expect, test } from "vitest";
import type { RunEvent } from "../src/index.ts";
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

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toUTCString();

test.for([
  { of: "two seconds, none and less than none", waits: ["2", "0", "-5"] },
  { of: "a day, a date and garbage", waits: ["86400", inSeconds(5), "soon"] },
])(
  "three keys throttled for $of leave the fourth at work, and none is called in its wait",
  async ({ waits }) => {
    const simulator = await openSimulator({ ...FOUR_KEYS, latency: { kind: "fixed", ms: 20 } });
    for (const [index, retryAfter] of waits.entries()) {
      simulator.addFault({ kind: "throttle", key: KEYS[index] ?? "", retryAfter });
    }
    const folder = prepareRun(simulator.url, { rows: makeRows(300) });
    // The healthy key takes three seconds for all rows: longer than the shorter waits.
    folder.write("keys.yml", makeKeyFile(simulator.url, { limits: { requestsPerMinute: 6_000 } }));
    const events: { readonly event: RunEvent; readonly at: number }[] = [];
    const summary = await runHere(folder, {
      onEvent: (event) => void events.push({ event, at: Date.now() }),
    });

    expect(summary).toMatchObject({ status: "completed", rows: { done: 300, failed: 0 } });
    const { byKey } = simulator.stats();
    for (const [index, wait] of waits.entries()) {
      const key = KEYS[index] ?? "";
      const sends = events.filter(({ event }) => event.kind === "call-sent" && event.key === key);
      const refusals = events.filter(
        ({ event }) => event.kind === "call-refused" && event.key === key,
      );
      expect(sends).toHaveLength(byKey[key]?.received ?? 0);
      // What was in flight when the first refusal came, then one call at a time.
      expect(refusals.length).toBeLessThanOrEqual(12);
      for (const { at } of refusals) {
        const until = wait.endsWith("GMT") ? Date.parse(wait) : at + 1_000 * (Number(wait) || 0);
        // The wait began when the refusal was read, a moment before it was told.
        expect(sends.filter((send) => send.at > at && send.at < until - 10)).toEqual([]);
      }
    }
  },
);
