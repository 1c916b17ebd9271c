import type { RunSummary } from "@rota/core";
import { expect, test } from "vitest";
import type { FailedSubject } from "../progress/progress-tracker.ts";
import { createPalette } from "../terminal/palette.ts";
import { formatSummaryJson } from "./format-summary-json.ts";
import { formatSummary } from "./format-summary.ts";
import { suggestNextSteps } from "./suggest-next-steps.ts";
import { summaryExample as summary } from "./summary-example.ts";

const typed = ["run", "triage.yml", "tickets.csv", "--fresh", "--budget-usd", "5"];

const LINE_17 = {
  place: "line 17",
  step: "classify",
  code: "output-invalid",
  message: "the reply is\u001b[2J no JSON",
};

function show(
  changes: Partial<RunSummary>,
  words: readonly string[] = typed,
  failures: readonly FailedSubject[] = [LINE_17],
): string {
  const whole = { ...summary, ...changes };
  const circumstances = { environment: {}, scenarioFile: "", keySource: undefined };
  return formatSummary(whole, {
    failures,
    rowsEnded: 1200,
    nextSteps: suggestNextSteps(whole, { typed: words, ...circumstances }),
    palette: createPalette({ colors: false }),
    columns: 100,
  });
}

test("groups are counted, and those that failed are told beside rows", () => {
  const groups = { total: 3, done: 2, failed: 1, skipped: 0, uncertain: 0 };
  const rows = { total: 9, done: 9, failed: 0, skipped: 0, uncertain: 0 };
  const shown = show({ rows, groups, status: "failed" });
  expect(shown).toContain("groups  2 done · 1 failed");
  expect(shown).toContain("1 group failed");
  expect(shown).toMatch(/Try the failed groups again:\n.*--retry-errors/);
});

test("what failed stands in one column, beside groups of long names too", () => {
  const failures = [LINE_17, { ...LINE_17, place: "group Smart Thermostat", message: "no value" }];
  expect(show({ status: "failed" }, typed, failures)).toContain(
    [
      "    line 17                classify: output-invalid: the reply is\\u{1b}[2J no JSON",
      "    group Smart Thermostat classify: output-invalid: no value",
    ].join("\n"),
  );
});

test("a completed run", () => {
  expect(show({})).toMatchInlineSnapshot(`
    "
    ✔ ticket-triage: done, 1,200 rows

      rows    1,190 done · 7 failed · 3 skipped
      calls   1,300 sent · 1,290 succeeded · 0 throttled · 8 retried · 2 resent
      tokens  120,000 in (1,000 cached) · 34,000 out
      cost    $0.0412
      time    1 min 1 s · 20 rows/s

      key        limit group   sent  succeeded  throttled
      support-a  support      1,299      1,290          0
      old        old              1          0          0  revoked: Incorrect API key

      7 rows failed
        line 17    classify: output-invalid: the reply is\\u{1b}[2J no JSON
        … 6 more, each with its reason in the column __error

      written results.csv, report.md

      → Open results.csv
      → Try the failed rows again:
          rota run triage.yml tickets.csv --budget-usd 5 --retry-errors
    "
  `);
});

test("a stopped run says how to continue, and not how to start over", () => {
  const text = show({
    status: "interrupted",
    rows: { total: 1200, done: 400, failed: 0, skipped: 0, uncertain: 0 },
    outputs: [],
  });
  expect(text).toContain("interrupted, 400 of 1,200 rows");
  expect(text).toContain("800 left");
  expect(text).toMatch(/continue with:\n\s+rota run triage\.yml tickets\.csv --budget-usd 5\n/);
});

test("a simulated run is called so wherever it counts, and says how to run for real", () => {
  const text = show({ simulated: true }, ["run", "triage.yml", "tickets.csv", "--simulate"]);
  expect(text).toContain("1,200 rows  simulated");
  expect(text).toContain("would have cost $0.0412; nothing was paid");
  expect(text).toContain("results.csv, report.md (simulated)");
  expect(text).toMatch(/real keys: .*\n\s+rota run triage\.yml tickets\.csv\n/);
});

test("a cost that is not known is not called nothing", () => {
  expect(show({ costUsd: undefined, unpricedCalls: 1290 })).toContain(
    "1,290 calls at a price not known here",
  );
  expect(show({ unpricedCalls: 2 })).toContain("$0.0412 · plus 2 calls at a price not known here");
});

test("for machines it is one line of JSON, with keys by name and null for what is not known", () => {
  const json = formatSummaryJson({ ...summary, costUsd: undefined });
  expect(json.indexOf("\n")).toBe(json.length - 1);
  expect(JSON.parse(json)).toMatchObject({
    status: "completed",
    simulated: false,
    costUsd: null,
    rows: summary.rows,
    keys: { "support-a": { sent: 1299 }, old: { health: "revoked" } },
  });
});
