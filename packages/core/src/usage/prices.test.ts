import { expect, test } from "vitest";
import { costOfUsage, findPrice, type ModelPrice, worstCaseCost } from "./prices.ts";

const PRICE: ModelPrice = {
  input: 2,
  cachedInput: 0.2,
  cacheWrite: 2.5,
  output: 10,
  longContextSurcharge: true,
};

test("knows a model by its name", () => {
  expect(findPrice("gpt-5-mini")).toMatchObject({ input: 0.25, cachedInput: 0.025, output: 2 });
});

test("knows a dated snapshot by its family", () => {
  expect(findPrice("gpt-5-mini-2025-08-07")).toBe(findPrice("gpt-5-mini"));
});

test("knows a snapshot that has a price of its own", () => {
  expect(findPrice("gpt-4o-2024-05-13")?.input).toBe(5);
});

test.each(["llama-4", "gpt-5-mini-fast", "ft:gpt-4o-mini:acme", "", "constructor"])(
  "does not guess the price of %j",
  (model) => {
    expect(findPrice(model)).toBeUndefined();
  },
);

test("bills plain, cached and newly cached input and output each at its own price", () => {
  const usage = {
    inputTokens: 100_000,
    cachedInputTokens: 40_000,
    cacheWriteTokens: 20_000,
    outputTokens: 10_000,
  };
  expect(costOfUsage(PRICE, usage)).toBeCloseTo(0.08 + 0.008 + 0.05 + 0.1, 12);
});

test("bills a long prompt's whole call at the higher price", () => {
  const usage = { inputTokens: 300_000, cachedInputTokens: 0, outputTokens: 10_000 };
  expect(costOfUsage(PRICE, usage)).toBeCloseTo(1.2 + 0.15, 12);
  expect(costOfUsage({ ...PRICE, longContextSurcharge: false }, usage)).toBeCloseTo(0.6 + 0.1, 12);
});

test("no call of a size costs more than the worst case of that size", () => {
  const worst = worstCaseCost(PRICE, 10_000, 500);
  for (const cacheWriteTokens of [0, 5_000, 10_000]) {
    const usage = {
      inputTokens: 10_000,
      cachedInputTokens: 0,
      cacheWriteTokens,
      outputTokens: 500,
    };
    expect(costOfUsage(PRICE, usage)).toBeLessThanOrEqual(worst);
  }
});
