import { expect, test } from "vitest";
import type { RunEvent } from "../src/index.ts";
import { ECHO, FOUR_KEYS, makeEnvironment, makeRows, rowIds, TRIAGE } from "./example.ts";
import { RUN, runRota, startRota } from "./rota-process.ts";
import { openSimulator, prepareRun, runHere } from "./stage.ts";

test.for([
  {
    change: "a cell of the rows",
    file: "rows.csv",
    from: "subject 7",
    to: "subject seven",
    named: "rows changed",
  },
  {
    change: "a row more",
    file: "rows.csv",
    from: "row-9,",
    to: "row-0,new\nrow-9,",
    named: "rows changed",
  },
  {
    change: "the prompt",
    file: "pipeline.yml",
    from: "Say",
    to: "Tell",
    named: "step answer changed",
  },
  {
    change: "the model",
    file: "pipeline.yml",
    from: "gpt-5-mini",
    to: "gpt-5-nano",
    named: "step answer changed",
  },
])(
  "a run is not continued with $change changed, until it is asked to begin afresh",
  async ({ file, from, to, named }) => {
    const simulator = await openSimulator();
    const folder = prepareRun(simulator.url, { rows: makeRows(12) });
    await runHere(folder);
    const before = folder.lastingResults();
    folder.write(file, folder.read(file).replace(from, to));
    await expect(runHere(folder)).rejects.toMatchObject({
      code: "run-changed",
      kind: "user",
      message: expect.stringMatching(new RegExp(`${named}.*fresh`)),
    });
    expect(simulator.stats().received).toBe(12);
    expect(folder.lastingResults()).toBe(before);

    const fresh = await runHere(folder, { fresh: true });
    expect(fresh.rows.done).toBe(fresh.rows.total);
    expect(simulator.stats().received).toBe(12 + fresh.rows.total);
  },
);

test("the command answers a changed input with 2 and says what changed", async () => {
  const simulator = await openSimulator();
  const folder = prepareRun(simulator.url);
  await runHere(folder);
  folder.write("rows.csv", makeRows(19));
  const { code, stderr } = await runRota(folder, makeEnvironment());
  expect(code).toBe(2);
  expect(stderr).toMatch(/rows changed since it began.*--fresh/);
});

test("rows that change during the run end it, with what was done kept for when they are put back", async () => {
  const simulator = await openSimulator();
  const folder = prepareRun(simulator.url, { rows: makeRows(200) });
  const onEvent = (event: RunEvent) => {
    if (event.kind === "row-ended" && event.ordinal === 50) folder.write("rows.csv", makeRows(201));
  };
  await expect(runHere(folder, { onEvent })).rejects.toMatchObject({
    code: "run-changed",
    message: expect.stringMatching(/rows\.csv: the rows changed.*is kept/),
  });
  folder.write("rows.csv", makeRows(200));
  expect(await runHere(folder)).toMatchObject({ status: "completed", rows: { done: 200 } });
  expect(simulator.stats().received).toBe(200);
});

test("what is not part of the work may change: limits, outputs, the order of the keys", async () => {
  const simulator = await openSimulator();
  const folder = prepareRun(simulator.url);
  await runHere(folder);
  const first = folder.lastingResults();
  folder.write("pipeline.yml", ECHO.replace("concurrency: 32", "concurrency: 5, budgetUsd: 1"));
  const again = await runHere(folder);
  expect(again).toMatchObject({ status: "completed", calls: { sent: 0 } });
  expect(folder.lastingResults()).toBe(first);
});

test("with --on-uncertain skip exactly the calls left open end as uncertain, and none is sent again", async () => {
  const simulator = await openSimulator({
    ...FOUR_KEYS,
    faults: [{ kind: "hang", afterRequests: 60, untilRequests: 70 }],
  });
  const folder = prepareRun(simulator.url, { rows: makeRows(120) });
  {
    await using killed = startRota(folder, makeEnvironment());
    await expect.poll(() => simulator.stats().accepted, { timeout: 20_000 }).toBe(120);
    await expect.poll(() => simulator.stats().concurrency.current, { timeout: 5_000 }).toBe(10);
    killed.child.kill("SIGKILL");
    await killed.ended;
  }
  const open = folder.query(
    "SELECT subject AS ordinal FROM call WHERE result IS NULL AND unanswered > 0 ORDER BY subject",
  );
  expect(open.length).toBeGreaterThanOrEqual(10);

  const skipped = await runRota(folder, makeEnvironment(), [...RUN, "--on-uncertain", "skip"]);
  expect(skipped.code).toBe(1);
  expect(JSON.parse(skipped.stdout)).toMatchObject({
    rows: { total: 120, done: 120 - open.length, failed: 0, uncertain: open.length },
  });
  const uncertain = folder.results().filter(({ __status }) => __status === "uncertain");
  expect(uncertain.map(({ id }) => id)).toEqual(
    open.map(({ ordinal }) => `row-${Number(ordinal) + 1}`),
  );
  expect(simulator.stats().repeats).toMatchObject({ requests: 0 });

  const retried = await runRota(folder, makeEnvironment(), [...RUN, "--retry-errors"]);
  expect(retried.code).toBe(0);
  expect(JSON.parse(retried.stdout)).toMatchObject({ calls: { sent: open.length } });
  expect(folder.results().map(({ id }) => id)).toEqual(rowIds(120));
});

test("retrying errors sends the calls that failed, the steps over the run, and no other", async () => {
  const simulator = await openSimulator();
  simulator.addFault({ kind: "content-filter", containsText: "Answer forbidden" });
  const rows = makeRows(60, (number) => (number % 3 === 0 ? `forbidden ${number}` : `${number}`));
  const folder = prepareRun(simulator.url, { pipeline: TRIAGE, rows });
  const { rows: ended } = await runHere(folder);
  expect(ended.failed).toBeGreaterThan(2);
  expect(ended).toMatchObject({ total: 60, done: 60 - ended.failed });
  const before = folder.results();

  simulator.reset();
  expect(await runHere(folder)).toMatchObject({ status: "failed", calls: { sent: 0 } });
  const retried = await runHere(folder, { retryErrors: true });
  expect(retried).toMatchObject({ status: "completed", rows: { done: 60, failed: 0 } });
  expect(simulator.stats().received).toBe(ended.failed + 1);
  const untouched = folder.results().filter((_, index) => before[index]?.["__status"] === "done");
  expect(untouched).toEqual(before.filter(({ __status }) => __status === "done"));
});

test("a finished run typed again sends nothing and writes the same results", async () => {
  const simulator = await openSimulator();
  const folder = prepareRun(simulator.url);
  await runHere(folder);
  const { received } = simulator.stats();
  const first = [folder.read("results.csv"), folder.read("results.jsonl")];
  expect(await runHere(folder)).toMatchObject({ status: "completed", calls: { sent: 0 } });
  expect([folder.read("results.csv"), folder.read("results.jsonl")]).toEqual(first);
  expect(simulator.stats().received).toBe(received);
});
