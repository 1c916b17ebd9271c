import { setTimeout as sleep } from "node:timers/promises";
import { startSimulator, type FaultInput } from "@rota/simulator";
import { expect, onTestFinished, test } from "vitest";
import { COUNT_UNIT } from "../src/journal/checksums.ts";
import { CALL_ERROR_CODES } from "../src/vocabulary/provider.ts";
import { ECHO, FOUR_KEYS, makeRows, rowIds, TRIAGE } from "./example.ts";
import { openSimulator, prepareRun, runHere } from "./stage.ts";

/** `ECHO` with a deadline and a number of faults for each call. */
const withDeadline = (seconds: number, maxFaults: number) =>
  ECHO.replace(
    "concurrency: 32",
    `concurrency: 32, callTimeoutSeconds: ${seconds}, maxFaults: ${maxFaults}`,
  );

test("no row is lost while the server restarts every second and a half", async () => {
  const scenario = {
    ...FOUR_KEYS,
    latency: { kind: "uniform", minimumMs: 50, maximumMs: 150 },
  } as const;
  let simulator = await startSimulator({ scenario });
  onTestFinished(() => simulator.close());
  const { port, url } = simulator;
  // Enough faults allowed that no call has the bad luck of a restart in each of them.
  const folder = prepareRun(url, { pipeline: withDeadline(5, 10), rows: makeRows(1_200) });
  const run = runHere(folder);
  let received = 0;
  let restarts = 0;
  while ((await Promise.race([run, sleep(1_500)])) === undefined) {
    received += simulator.stats().received;
    await simulator.close();
    simulator = await startSimulator({ scenario, port });
    restarts += 1;
  }
  expect(restarts).toBeGreaterThan(1);
  expect(await run).toMatchObject({ status: "completed", rows: { done: 1_200, failed: 0 } });
  expect(folder.results().map(({ id }) => id)).toEqual(rowIds(1_200));
  received += simulator.stats().received;
  const [{ attempts } = {}] = folder.query(
    `SELECT sum(attempts) / ${COUNT_UNIT} AS attempts FROM call`,
  );
  expect(Number(attempts)).toBeGreaterThanOrEqual(received);
});

const BROKEN_CONNECTIONS: readonly FaultInput[] = [
  { kind: "hang", share: 0.025 },
  { kind: "stall", share: 0.025 },
  { kind: "drip", share: 0.025 },
  { kind: "reset", share: 0.025 },
  { kind: "truncate", share: 0.025 },
  { kind: "truncate", variant: "body", share: 0.025 },
];

test("calls that hang, drip, stall or break are made again, and every row is done", async () => {
  const simulator = await openSimulator({ ...FOUR_KEYS, faults: [...BROKEN_CONNECTIONS] });
  const folder = prepareRun(simulator.url, { pipeline: withDeadline(0.5, 6), rows: makeRows(300) });
  const summary = await runHere(folder);
  expect(summary).toMatchObject({ status: "completed", rows: { done: 300, failed: 0 } });
  expect(summary.keys.map(({ inFlight }) => inFlight)).toEqual([0, 0, 0, 0]);
  const { byFault, received } = simulator.stats();
  expect(Object.keys(byFault).toSorted()).toEqual(["drip", "hang", "reset", "stall", "truncate"]);
  expect(folder.query(`SELECT sum(attempts) / ${COUNT_UNIT} AS sum FROM call`)).toEqual([
    { sum: received },
  ]);
});

test.for(["hang", "stall", "drip"] as const)(
  "a call that can only %s ends at its deadline, as a failed row",
  async (kind) => {
    const simulator = await openSimulator({ ...FOUR_KEYS, faults: [{ kind }] });
    const folder = prepareRun(simulator.url, {
      pipeline: withDeadline(0.4, 1),
      rows: makeRows(40),
    });
    const summary = await runHere(folder);
    expect(summary).toMatchObject({ status: "failed", rows: { total: 40, failed: 40 } });
    for (const { __error, __latency_ms } of folder.results()) {
      expect(__error).toMatch(/^answer: timed-out: /);
      expect(Number(__latency_ms)).toBeGreaterThanOrEqual(399);
      expect(Number(__latency_ms)).toBeLessThan(1_400);
    }
  },
);

const VARIANTS = [
  "empty-object",
  "html",
  "error-object",
  "not-json",
  "wrong-types",
  "empty-choices",
  "null-content",
  "huge",
  "gzip-bomb",
  "unasked-stream",
] as const;

test("a success that holds no reply fails the row with a code of the closed list, at once", async () => {
  const simulator = await openSimulator({
    ...FOUR_KEYS,
    faults: VARIANTS.map((variant) => ({
      kind: "wrong-body",
      variant,
      containsText: `(${variant})`,
    })),
  });
  const rows = makeRows(40, (number) => `body ${number} (${VARIANTS[number % 20] ?? "good"})`);
  const folder = prepareRun(simulator.url, { rows });
  const summary = await runHere(folder);
  expect(summary).toMatchObject({ status: "failed", rows: { total: 40, done: 20, failed: 20 } });
  const { good = [], bad = [] } = Object.groupBy(folder.results(), ({ text = "" }) =>
    text.includes("(good)") ? "good" : "bad",
  );
  expect(new Set(good.map(({ __status }) => __status))).toEqual(new Set(["done"]));
  expect(good.map(({ answer }) => answer)).not.toContain("");
  expect(new Set(bad.map(({ answer, __status }) => `${answer}${__status}`))).toEqual(
    new Set(["failed"]),
  );
  const codes = bad.map(({ __error }) => __error?.split(": ")[1]);
  expect(CALL_ERROR_CODES).toEqual(expect.arrayContaining(codes));
  expect(simulator.stats().repeats).toMatchObject({ requests: 0 });
});

test("a reply that was paid for is kept and counted when it does not fit its schema", async () => {
  const faults: FaultInput[] = [{ kind: "length", containsText: "Classify subject 7" }];
  const simulator = await openSimulator({ ...FOUR_KEYS, faults });
  const folder = prepareRun(simulator.url, { pipeline: TRIAGE, rows: makeRows(9) });
  const summary = await runHere(folder);
  expect(summary.rows).toMatchObject({ total: 9, done: 8, failed: 1 });
  const [kept] = folder.query("SELECT * FROM result WHERE error_code = 'output-invalid'");
  expect(kept).toMatchObject({ status: "failed", finish_reason: "length" });
  expect(String(kept?.["text"])).not.toBe("");
  expect(Number(kept?.["cost_usd"])).toBeGreaterThan(0);
  const { promptTokens, outputTokens } = simulator.stats();
  expect(summary.tokens).toMatchObject({ input: promptTokens, output: outputTokens });
  // Prices of gpt-5-mini for a million tokens.
  expect(summary.costUsd).toBeCloseTo((promptTokens * 0.25 + outputTokens * 2) / 1e6, 12);
});
