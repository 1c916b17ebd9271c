import { expect, test } from "vitest";
import type { RunSummary } from "../vocabulary/run-summary.ts";
import { compileMarkdownTemplate } from "../template/compile-markdown-template.ts";
import { describeRun } from "./report-data.ts";
import type { FinishedGroup, FinishedRow } from "../vocabulary/finished.ts";
import { createReport } from "./report.ts";

const SUMMARY: RunSummary = {
  runId: "run-1",
  pipeline: "ticket-triage",
  simulated: false,
  status: "completed",
  message: undefined,
  rows: { total: 1_200, done: 1_140, failed: 59, skipped: 0, uncertain: 1 },
  groups: undefined,
  calls: { sent: 1_300, succeeded: 1_199, throttled: 3, retried: 40, resent: 0, masked: 0 },
  tokens: { input: 120_000, output: 4_500, cached: 30_000 },
  costUsd: 1.23456,
  maxFurtherCostUsd: 0,
  unpricedCalls: 0,
  durationMs: 200_400,
  keys: [
    {
      name: "support-a",
      limitGroup: "support",
      health: "suspended",
      reason: "no money | left, says https://api.example",
      inFlight: 0,
      sent: 1_300,
      succeeded: 1_199,
      throttled: 3,
      requestsPerMinute: undefined,
      load: undefined,
    },
  ],
  outputs: [],
  stateDirectory: ".rota/runs/x",
};
const STARTED_AT_MS = Date.UTC(2026, 10, 23, 8, 5);

const FAILED: FinishedRow = {
  id: "T-1",
  line: 7,
  row: { body: "hi" },
  steps: {},
  status: "failed",
  error: "classify: refused | \n# closes #1",
};

function render(
  summary: Partial<RunSummary> = {},
  rows: readonly FinishedRow[] = [],
  groups: readonly FinishedGroup[] = [],
) {
  const report = createReport(undefined);
  for (const row of rows) if (report.wants(row.status)) report.add(row);
  return report.render(
    describeRun({ ...SUMMARY, ...summary }, STARTED_AT_MS),
    {
      digest: { status: "done", output: "x", text: "**Logins** fail, see https://evil.example" },
      advice: { status: "skipped", output: null, text: "" },
    },
    groups,
  );
}

test("without a template a report tells what was written, counted, spent, and who served", () => {
  expect(render({}, [FAILED, { ...FAILED, status: "done" }])).toBe(`# ticket-triage

## digest

**Logins** fail, see https:\u200B//evil.example

## advice

This step is skipped.

## Rows

| Total | Done | Failed | Skipped | Uncertain |
| ---: | ---: | ---: | ---: | ---: |
| 1,200 | 1,140 | 59 | 0 | 1 |

## Rows without a result

| Line | Row | Reason |
| ---: | :--- | :--- |
| 7 | T-1 | classify: refused \\| <br># closes #\u200B1 |

And 59 more.

## What it took

|  |  |
| :--- | :--- |
| Cost | \\$1.2346 |
| Tokens | 120,000 in (30,000 cached), 4,500 out |
| Calls | 1,300 sent, 1,199 succeeded, 3 throttled, 40 retried |
| Began | 2026-11-23 08:05 UTC |
| Took | 3 min 20 s |
| Run | run-1 |

## Keys

| Key | Limit group | Sent | Succeeded | Throttled | Health |
| :--- | :--- | ---: | ---: | ---: | :--- |
| support-a | support | 1,300 | 1,199 | 3 | suspended: no money \\| left, says https:\u200B//api.example |
`);
});

test("a simulated run says so at the top, a failed one why", () => {
  const report = render({ simulated: true, status: "failed", message: "60 rows have no result." });

  expect(report.split("\n").slice(2, 7)).toEqual([
    "> [!IMPORTANT]",
    "> **Simulated run.** No model was asked: replies, tokens and costs are made up.",
    "",
    "> [!WARNING]",
    "> 60 rows have no result.",
  ]);
});

test.each([
  [{ costUsd: undefined }, "| Cost | not known |"],
  [{ unpricedCalls: 2 }, "| Cost | \\$1.2346, and 2 calls at prices not known |"],
  [{ durationMs: 59_400 }, "| Took | 59 s |"],
  [{ durationMs: 7_325_000 }, "| Took | 2 h 2 min |"],
])("%j reads %s", (summary, line) => {
  expect(render(summary).split("\n")).toContain(line);
});

test("fifty rows without a result are listed, and no more are asked for", () => {
  const report = render(
    {},
    Array.from({ length: 60 }, (_, line) => ({ ...FAILED, line })),
  );

  expect(report.match(/^\| \d+ \| T-1 /gm)).toHaveLength(50);
  expect(report).toContain("And 10 more.");
});

test("a template is asked for rows only when it names them", () => {
  expect(createReport(compileMarkdownTemplate("{{ run.name }}")).wants("failed")).toBe(false);
  const withRows = "{% for r in rows %}{{ r.line }}{% endfor %}";
  expect(createReport(compileMarkdownTemplate(withRows)).wants("done")).toBe(true);
});

test("a template sees the run, its steps and its rows; what is not known is nothing", () => {
  const report = createReport(
    compileMarkdownTemplate(
      `{{ run.name }} {{ run.startedAt | date: "%Y" }} [{{ run.costUsd }}{{ run.message }}]
{%- for key in run.keys %} {{ key.name }}{% endfor %}
{%- for r in rows %} {{ r.line }} {{ r.row.body }} {{ r.status }} {{ r.error }}{% endfor %}
{{ steps.digest.output | markdown }}`,
    ),
  );
  report.add(FAILED);
  const run = describeRun({ ...SUMMARY, costUsd: undefined }, STARTED_AT_MS);
  const digest = { status: "done", output: "**fine**", text: "**fine**" } as const;

  expect(report.render(run, { digest }, [])).toBe(
    "ticket-triage 2026 [] support-a 7 hi failed classify: refused \\| <br># closes #\u200B1\n**fine**",
  );
});
