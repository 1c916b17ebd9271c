import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { FAULTY_SCENARIO, makeRows, openSimulator, PIPELINE, pointAt } from "./example.ts";
import { makeFolder, runRota, startRota } from "./rota-process.ts";

const RUN = ["run", "pipeline.yml", "rows.csv"];

function readResults(folder: string): Record<string, string>[] {
  return parse(readFileSync(join(folder, "results.csv")), { columns: true });
}

test("a simulated run writes every row, and says that it is simulated", async () => {
  const folder = makeFolder({ "pipeline.yml": PIPELINE, "rows.csv": makeRows(12) });
  const { code, stdout, stderr } = await runRota(folder, [...RUN, "--simulate"]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toBe("");
  expect(stderr).toMatch(/echo: done, 12 rows {2}simulated/);
  expect(stderr).toContain("would have cost");
  expect(readResults(folder).map(({ id, __status }) => [id, __status])).toEqual(
    Array.from({ length: 12 }, (_, index) => [`row-${index + 1}`, "done"]),
  );
});

test("a simulated run has a simulator of its own, and shares no limits", async () => {
  const folder = makeFolder({
    "pipeline.yml": PIPELINE,
    "rows.csv": makeRows(3),
    "limits.db": "no database",
  });
  const environment = { ROTA_LIMITS_DIR: folder };
  const { code, stderr } = await runRota(folder, [...RUN, "--simulate"], environment);
  expect(code).toBe(0);
  expect(stderr).not.toContain("Limits are not shared");
});

test("with --json stdout has one object and nothing else", async () => {
  const folder = makeFolder({ "pipeline.yml": PIPELINE, "rows.csv": makeRows(3) });
  const { stdout } = await runRota(folder, [...RUN, "--simulate", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    status: "completed",
    simulated: true,
    rows: { total: 3, done: 3, failed: 0, skipped: 0, uncertain: 0 },
    calls: { sent: 3, succeeded: 3 },
    keys: { research: { health: "ready" } },
    outputs: ["results.csv"],
  });
});

test("a mistake is shown in its place before anything is sent", async () => {
  const simulator = await openSimulator({ unknownKeys: "accept" });
  const wrong = PIPELINE.replace("messages:", "mesages:").replace("concurrency", "concurency");
  const folder = makeFolder({ "pipeline.yml": wrong, "rows.csv": makeRows(3) });
  const { code, stdout, stderr } = await runRota(folder, [...RUN, "--json"], pointAt(simulator));
  expect(code).toBe(2);
  expect(stderr).toContain(`    mesages: [`);
  expect(stderr).toMatch(/\^{7}\n {3}-> Did you mean "messages"\?/);
  expect(stderr).toMatch(/Did you mean "concurrency"\?/);
  expect(JSON.parse(stdout)).toMatchObject({ status: "error", error: { code: "invalid-input" } });
  expect(simulator.stats().received).toBe(0);
});

test("problems of keys and of the pipeline are told together", async () => {
  const folder = makeFolder({ "pipeline.yml": PIPELINE.replace("row.text", "row.txet") });
  const { code, stderr } = await runRota(folder, RUN);
  expect(code).toBe(2);
  expect(stderr).toContain("there is no API key");
  expect(stderr).toContain("rows.csv");
});

test("rows that fail beyond the tolerated rate end in 1, and can be tried again", async () => {
  const rows = makeRows(4).replace("subject 2", "forbidden");
  const folder = makeFolder({
    "pipeline.yml": PIPELINE,
    "rows.csv": rows,
    "faulty.yml": FAULTY_SCENARIO,
    "healthy.yml": "keys: { only: {} }\n",
  });
  const failed = await runRota(folder, [...RUN, "--simulate", "faulty.yml"]);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/line 3 .*answer: content-filtered/);
  expect(failed.stderr).toContain("--simulate faulty.yml --retry-errors");

  const tolerated = await runRota(folder, [
    ...RUN,
    "--simulate",
    "faulty.yml",
    "--max-error-rate",
    "0.5",
    "--fresh",
  ]);
  expect(tolerated.code).toBe(0);

  const again = await runRota(folder, [
    ...RUN,
    "--simulate",
    "healthy.yml",
    "--retry-errors",
    "--json",
  ]);
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ rows: { done: 4 }, calls: { sent: 1 } });
});

test("a killed run is continued: no row is lost, none is twice in the output", async () => {
  const simulator = await openSimulator({
    unknownKeys: "accept",
    latency: { kind: "fixed", ms: 30 },
  });
  const folder = makeFolder({ "pipeline.yml": PIPELINE, "rows.csv": makeRows(60) });
  const first = startRota(folder, RUN, pointAt(simulator));
  await expect.poll(() => simulator.stats().accepted, { timeout: 20_000 }).toBeGreaterThan(10);
  first.child.kill("SIGKILL");
  await first.ended;

  const { code, stdout } = await runRota(folder, [...RUN, "--json"], pointAt(simulator));
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ rows: { total: 60, done: 60 } });
  expect(new Set(readResults(folder).map(({ id }) => id)).size).toBe(60);
  expect(readResults(folder)).toHaveLength(60);
  // At most one for each call that was in flight.
  expect(simulator.stats().repeats?.requests).toBeLessThanOrEqual(4);
});

// Windows has no signals: `kill` ends a process there at once.
test.skipIf(process.platform === "win32").for(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s stops a run so that it can be continued",
  async (signal) => {
    const simulator = await openSimulator({
      unknownKeys: "accept",
      latency: { kind: "fixed", ms: 30 },
    });
    const folder = makeFolder({ "pipeline.yml": PIPELINE, "rows.csv": makeRows(60) });
    const run = startRota(folder, RUN, pointAt(simulator));
    await expect.poll(() => simulator.stats().accepted, { timeout: 20_000 }).toBeGreaterThan(5);
    run.child.kill(signal);
    const stopped = await run.ended;
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/continue with:\n\s+rota run pipeline\.yml rows\.csv\n/);

    const { code } = await runRota(folder, RUN, pointAt(simulator));
    expect(code).toBe(0);
    expect(readResults(folder)).toHaveLength(60);
    expect(simulator.stats().repeats?.requests).toBe(0);
  },
);

test("of two processes on one run, exactly one runs", async () => {
  const simulator = await openSimulator({
    unknownKeys: "accept",
    faults: [{ kind: "hang" }],
  });
  const folder = makeFolder({ "pipeline.yml": PIPELINE, "rows.csv": makeRows(4) });
  startRota(folder, RUN, pointAt(simulator));
  await expect.poll(() => simulator.stats().received, { timeout: 20_000 }).toBeGreaterThan(0);
  const second = await runRota(folder, RUN, pointAt(simulator));
  expect(second.code).toBe(2);
  expect(second.stderr).toMatch(/another process/i);
});

test("a run stopped by its budget ends in 3, one without a usable key in 4", async () => {
  const folder = makeFolder({
    "pipeline.yml": PIPELINE,
    "rows.csv": makeRows(200),
    "dead.yml": "keys: { only: {} }\nfaults: [{ kind: revoked }]\n",
  });
  const poor = await runRota(folder, [...RUN, "--simulate", "--budget-usd", "0.0005"]);
  expect(poor).toMatchObject({ code: 3 });
  expect(poor.stderr).toContain("Nothing is lost; continue with a larger budget");

  const dead = await runRota(folder, [...RUN, "--simulate", "dead.yml", "--fresh"]);
  expect(dead).toMatchObject({ code: 4 });
  expect(dead.stderr).toMatch(/only .*revoked/);
});

test("a state directory that cannot be written ends in 74", async () => {
  const folder = makeFolder({ "pipeline.yml": PIPELINE, "rows.csv": makeRows(1) });
  const { code } = await runRota(folder, [...RUN, "--simulate", "--state-dir", "rows.csv"]);
  expect(code).toBe(74);
});

test("a secret is in nothing that is printed or written, even when the server repeats it", async () => {
  const secret = "sk-canary-51ab04ce77";
  const simulator = await openSimulator({
    unknownKeys: "accept",
    faults: [{ kind: "status", status: 400, message: `Bad request for ${secret}` }],
  });
  const folder = makeFolder({
    "pipeline.yml": PIPELINE,
    "rows.csv": makeRows(2),
    "keys.env": `OPENAI_API_KEY=${secret}\n`,
  });
  const { code, stdout, stderr } = await runRota(
    folder,
    [...RUN, "--json", "--env-file", "keys.env"],
    { OPENAI_BASE_URL: simulator.url, OPENAI_LOG: "debug" },
  );
  expect(code).toBe(1);
  expect(stderr).toContain("[redacted]");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "keys.env")
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
  expect(files.length).toBeGreaterThan(3);
  for (const text of [stdout, stderr, ...files]) expect(text).not.toContain("canary-51ab04ce77");
});

test("an env file that is not there is a mistake, not a bug", async () => {
  const folder = makeFolder({ "pipeline.yml": PIPELINE, "rows.csv": makeRows(1) });
  const { code, stderr } = await runRota(folder, [...RUN, "--env-file", "no.env"]);
  expect(code).toBe(2);
  expect(stderr).toContain("no.env");
});
