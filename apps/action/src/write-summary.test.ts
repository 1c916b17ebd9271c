import type { RunSummary } from "@rota/core";
import { expect, test } from "vitest";
import { MAX_SUMMARY_BYTES } from "./read-reports.ts";
import { writeSummary } from "./write-summary.ts";

const SUMMARY: RunSummary = {
  runId: "r1",
  pipeline: "triage",
  simulated: false,
  status: "failed",
  message: "60 of 62 rows have no result",
  rows: { total: 62, done: 2, failed: 60, skipped: 0, uncertain: 0 },
  groups: undefined,
  calls: { sent: 3, succeeded: 2, throttled: 0, retried: 0, resent: 0, masked: 0 },
  tokens: { input: 30, output: 10, cached: 0 },
  costUsd: 0.0012,
  maxFurtherCostUsd: 0,
  unpricedCalls: 0,
  durationMs: 1_234,
  keys: [],
  outputs: [],
  stateDirectory: ".rota",
};

const KEY = {
  name: "support",
  limitGroup: "default",
  health: "revoked",
  reason: undefined,
  inFlight: 0,
  sent: 1,
  succeeded: 0,
  throttled: 0,
  requestsPerMinute: undefined,
  load: undefined,
} as const;

const ROW = { line: 3, step: "answer", code: "refused", message: "no" };

test("counts, failed rows and the report follow each other", () => {
  const report = { file: "report.md", beginning: Buffer.from("# Digest\n") };
  const text = writeSummary(SUMMARY, [ROW], [report]);
  expect(text).toContain("## ❌ triage: failed");
  expect(text).toContain("| 62 | 2 | 60 | 0 | 0 | 3 | 40 | \\$0.0012 | 1.2 s |");
  expect(text).toContain("| 3 | answer | refused: no |");
  expect(text).toContain("… and 59 more, in the outputs.");
  expect(text.endsWith("\n# Digest\n")).toBe(true);
});

test.for([
  ["<img src=https://example.com/a.png>", /<img/],
  ["![a](https://example.com/a.png)", /!\[/],
  ["[a](https://example.com)", /(?<!\\)\]\(/],
  ["https://example.com", /https:\/\//],
  ["@octocat", /@octocat/],
  ["closes #1", /#1/],
  ["a | b\n# c", /^# c/m],
  ["\u202eesrever", /\u202e/],
] as const)("%s in an error does nothing", ([message, live]) => {
  const summary = { ...SUMMARY, message, keys: [{ ...KEY, reason: message }] };
  const text = writeSummary(summary, [{ ...ROW, message }], []);
  expect(text).not.toMatch(live);
});

test("a report that is too long is cut at a line's end, and the summary says so", () => {
  const line = "日本 ".repeat(20);
  const beginning = Buffer.from(`${line}\n`.repeat(20_000)).subarray(0, MAX_SUMMARY_BYTES + 1);
  const text = writeSummary(SUMMARY, [], [{ file: "report.md", beginning }]);
  const size = Buffer.byteLength(text);
  expect(size).toBeLessThanOrEqual(MAX_SUMMARY_BYTES);
  expect(size).toBeGreaterThan(MAX_SUMMARY_BYTES - 1_000);
  expect(text).toContain("Cut below");
  expect(text.endsWith(`${line}\n`)).toBe(true);
});
