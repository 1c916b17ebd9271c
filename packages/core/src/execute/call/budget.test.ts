import { expect, test } from "vitest";
import { Budget, NOTHING_SPENT } from "./budget.ts";

const { signal } = new AbortController();

test("a call that waited reserves what its step turned out to cost meanwhile", async () => {
  const budget = new Budget(10);
  const first = await budget.reserve("ask", 8, signal);
  const waiting = budget.reserve("ask", 3, signal);
  budget.learn("ask", 5);
  if (first) budget.settle(first, { spentUsd: 4, possibleUsd: 0 });
  expect(await waiting).toEqual({ step: "ask", usd: 5 });
});

test("what turns out dearer raises the reservations of its step in flight, and of no other", async () => {
  const budget = new Budget(10);
  const [ask, sum] = [
    await budget.reserve("ask", 2, signal),
    await budget.reserve("sum", 2, signal),
  ];
  budget.learn("ask", 9);
  expect([ask?.usd, sum?.usd]).toEqual([9, 2]);
  expect(budget.isOverdrawn).toBe(true);
  if (ask) budget.settle(ask, NOTHING_SPENT);
  expect(budget.isOverdrawn).toBe(false);
});
