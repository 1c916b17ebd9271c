import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FILES, INPUTS, PIPELINE } from "./example.ts";
import { simulate } from "./reply-server.ts";
import { makeWorkspace, runStep } from "./run-bundle.ts";
import { readRunnerLog } from "./runner-log.ts";

const REFUNDS_FAIL = {
  faults: [{ kind: "content-filter" as const, containsText: "refund" }],
};

test("a run leaves its files, its counts as outputs, and a summary", async () => {
  const simulator = await simulate();
  const workspace = makeWorkspace(FILES);
  const { code, outputs, summary } = await runStep(workspace, {
    ...INPUTS,
    keys: "first=sk-canary-one\nsecond=sk-canary-two",
    endpoint: simulator.url,
  });
  expect(code).toBe(0);
  expect(outputs).toMatchObject({
    status: "completed",
    "rows-total": "3",
    "rows-done": "3",
    "rows-failed": "0",
    calls: "3",
    files: "results.csv\nreport.md",
  });
  expect(Number(outputs["cost-usd"])).toBeGreaterThan(0);
  expect(summary).toContain("triage: completed");
  expect(summary).toContain("| first |");
  expect(summary).toContain(readFileSync(join(workspace, "report.md"), "utf8"));
  expect(readFileSync(join(workspace, "results.csv"), "utf8").split("\n")).toHaveLength(5);
});

test("rows that fail beyond the tolerated share fail the step, as errors on their lines", async () => {
  const simulator = await simulate(REFUNDS_FAIL);
  const workspace = makeWorkspace(FILES);
  const inputs = { ...INPUTS, rows: "./rows.csv", endpoint: simulator.url };
  const { code, stdout, outputs, summary } = await runStep(workspace, inputs);
  expect(code).toBe(1);
  expect(outputs).toMatchObject({ status: "failed", "rows-failed": "1" });
  const [row, verdict] = readRunnerLog(stdout).commands.filter(({ name }) => name === "error");
  expect(row?.properties).toMatchObject({ file: "rows.csv", line: "3" });
  expect(verdict?.data).toContain("triage: failed. 1 of 3 rows have no result");
  expect(summary).toMatch(/\| 3 \| answer \| content-filtered/);
});

test("rows that may fail are warnings, and the step succeeds", async () => {
  const simulator = await simulate(REFUNDS_FAIL);
  const inputs = { ...INPUTS, endpoint: simulator.url, "max-error-rate": "0.5" };
  const { code, stdout, outputs } = await runStep(makeWorkspace(FILES), inputs);
  expect(code).toBe(0);
  expect(outputs).toMatchObject({ status: "completed", "rows-failed": "1" });
  const names = readRunnerLog(stdout).commands.map(({ name }) => name);
  expect(names).toEqual(["add-mask", "warning", "notice"]);
});

test("a broken pipeline is annotated where it is wrong, and nothing is sent", async () => {
  const simulator = await simulate();
  const broken = PIPELINE.replace("messages:", "mesages:");
  const workspace = makeWorkspace({ ...FILES, "p.yml": broken });
  const inputs = { ...INPUTS, endpoint: simulator.url };
  const { code, stdout, summary } = await runStep(workspace, inputs);
  expect(code).toBe(1);
  const error = readRunnerLog(stdout).commands.find(({ data }) => data.includes("unknown field"));
  expect(error).toMatchObject({
    name: "error",
    properties: { file: "p.yml", line: "5", col: "5" },
  });
  expect(summary).toContain('unknown field "mesages"');
  expect(simulator.stats().received).toBe(0);
});

test("keys come from the environment when the workflow names none", async () => {
  const simulator = await simulate();
  const { code, stdout, summary } = await runStep(
    makeWorkspace(FILES),
    { ...INPUTS, keys: "", endpoint: simulator.url },
    { OPENAI_API_KEY: "sk-canary-one", OPENAI_API_KEY_TEAM: "sk-canary-two" },
  );
  expect(code).toBe(0);
  expect(summary).toContain("| team |");
  const [first, second] = readRunnerLog(stdout).commands;
  expect([first?.data, second?.data]).toEqual(["sk-canary-one", "sk-canary-two"]);
});

test("without a key the step says where to put one", async () => {
  const { code, stdout } = await runStep(makeWorkspace(FILES), { ...INPUTS, keys: "" });
  expect(code).toBe(1);
  const [error] = readRunnerLog(stdout).commands;
  expect(error).toMatchObject({ name: "error", properties: { title: "Nothing was sent" } });
  expect(error?.data).toContain("OPENAI_API_KEY");
});

// Windows has no signals: `kill` ends a process there at once.
test.skipIf(process.platform === "win32").for(["SIGINT", "SIGHUP"] as const)(
  "a job that is cancelled by %s stops in time, and a re-run of it goes on where it was",
  async (signal) => {
    const simulator = await simulate({ latency: { kind: "fixed", ms: 150 } });
    const many = Array.from({ length: 200 }, (_, index) => `${index},question ${index}`).join("\n");
    const workspace = makeWorkspace({ ...FILES, "rows.csv": `id,body\n${many}\n` });
    const inputs = { ...INPUTS, endpoint: simulator.url, concurrency: "4" };
    const cancelled = await runStep(workspace, inputs, {}, (child) => {
      const cancel = setInterval(() => {
        if (simulator.stats().received < 20) return;
        clearInterval(cancel);
        child.kill(signal);
      }, 20);
      child.on("close", () => clearInterval(cancel));
    });
    expect(cancelled).toMatchObject({ code: 1, outputs: { status: "interrupted" } });
    expect(cancelled.summary).toContain("triage: interrupted");
    expect(existsSync(join(workspace, "results.csv"))).toBe(false);
    expect(existsSync(join(workspace, ".rota"))).toBe(false);
    const repeated = await runStep(workspace, { ...inputs, concurrency: "64" });
    expect(repeated.outputs).toMatchObject({ status: "completed", "rows-done": "200" });
    expect(simulator.stats().repeats?.requests).toBe(0);
  },
);

test("a later workflow run takes the rows as they are then", async () => {
  const simulator = await simulate();
  const workspace = makeWorkspace(FILES);
  const inputs = { ...INPUTS, endpoint: simulator.url };
  await runStep(workspace, inputs, { GITHUB_RUN_ID: "1" });
  const next = await runStep(workspace, inputs, { GITHUB_RUN_ID: "2" });
  expect(next.outputs).toMatchObject({ status: "completed", calls: "3" });
});
