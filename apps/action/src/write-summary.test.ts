import { expect, test } from "vitest";
import { MAX_SUMMARY_BYTES } from "./read-reports.ts";
import { SUMMARY } from "./summary-example.ts";
import { writeSummary } from "./write-summary.ts";

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

const GROUP = { key: "kettle", step: "causes", code: "rows-failed", message: "2 of 3" };

test("counts, failed rows and the report follow each other", () => {
  const report = { file: "report.md", beginning: Buffer.from("# Digest\n") };
  const text = writeSummary(SUMMARY, { rows: [ROW], groups: [] }, [report]);
  expect(text).toContain("## ❌ triage: failed");
  expect(text).toContain("| 62 | 2 | 60 | 0 | 0 | 3 | 40 | \\$0.0012 | 1.2 s |");
  expect(text).toContain("| 3 | answer | refused: no |");
  expect(text).toContain("… and 59 more, in the outputs.");
  expect(text.endsWith("\n# Digest\n")).toBe(true);
});

test("failed groups have a table of their own", () => {
  const groups = { total: 3, done: 1, failed: 2, skipped: 0, uncertain: 0 };
  const text = writeSummary({ ...SUMMARY, groups }, { rows: [], groups: [GROUP] }, []);
  expect(text).toContain("| kettle | causes | rows-failed: 2 of 3 |\n\n… and 1 more");
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
  const text = writeSummary(
    summary,
    { rows: [{ ...ROW, message }], groups: [{ ...GROUP, key: message }] },
    [],
  );
  expect(text).not.toMatch(live);
});

test("a report that is too long is cut at a line's end, and the summary says so", () => {
  const line = "日本 ".repeat(20);
  const beginning = Buffer.from(`${line}\n`.repeat(20_000)).subarray(0, MAX_SUMMARY_BYTES + 1);
  const text = writeSummary(SUMMARY, { rows: [], groups: [] }, [{ file: "report.md", beginning }]);
  const size = Buffer.byteLength(text);
  expect(size).toBeLessThanOrEqual(MAX_SUMMARY_BYTES);
  expect(size).toBeGreaterThan(MAX_SUMMARY_BYTES - 1_000);
  expect(text).toContain("Cut below");
  expect(text.endsWith(`${line}\n`)).toBe(true);
});
