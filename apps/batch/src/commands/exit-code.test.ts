import { expect, test } from "vitest";
import { summaryExample } from "../summary/summary-example.ts";
import { exitCodeForSummary } from "./exit-code.ts";

test("0 is promised only when every row is accounted for", () => {
  expect(exitCodeForSummary(summaryExample)).toBe(0);
  const rows = { ...summaryExample.rows, done: summaryExample.rows.done - 1 };
  expect(exitCodeForSummary({ ...summaryExample, rows })).toBe(70);
});

test("what stops a run decides how it ends", () => {
  const statuses = [
    ...(["failed", "budget", "no-usable-key", "environment"] as const),
    ...(["outage", "limits", "refused-alike", "interrupted"] as const),
  ];
  const codes = statuses.map((status) => exitCodeForSummary({ ...summaryExample, status }));
  expect(codes).toEqual([1, 3, 4, 4, 5, 6, 7, 130]);
});
