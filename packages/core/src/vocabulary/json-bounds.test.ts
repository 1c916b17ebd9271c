import fc from "fast-check";
import { expect, test } from "vitest";
import { explainExcess } from "./json-bounds.ts";

const bounds = { length: 1_000, values: 10, depth: 3 };

test.each([
  ["[1, 2, 3, 4, 5, 6, 7, 8]", undefined],
  ["[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "holds more than 10 values"],
  ['{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}', "holds more than 10 values"],
  ["[[[1]]]", undefined],
  ["[[[[1]]]]", "is nested deeper than 3 levels"],
  ['"[[[[[{{{{:,,,,,,,,,,,,,,"', undefined],
  ['["\\"[[[[[[", "\\\\", [1]]', undefined],
  ['["\\\\", [[[1]]]]', "is nested deeper than 3 levels"],
  ['"never closed [[[[[[[', undefined],
  ["x".repeat(1_001), "is longer than 1,000 characters"],
])("%s: %s", (text, excess) => {
  expect(explainExcess(text, bounds)).toBe(excess);
});

/** An empty array or object counts twice: its bracket opens as if there were a value behind it. */
function measure(value: unknown): { values: number; depth: number } {
  if (typeof value !== "object" || value === null) return { values: 1, depth: 0 };
  const inner = Object.values(value).map(measure);
  const names = Array.isArray(value) ? 0 : inner.length;
  const own = inner.length === 0 ? 2 : 1;
  return {
    values: inner.reduce((sum, { values }) => sum + values, own + names),
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
  };
}

test("what is counted in a text is what a parser makes of it", () => {
  const json = fc.jsonValue({ maxDepth: 6 });
  const property = fc.property(json, fc.nat(40), fc.nat(4), (value, values, depth) => {
    const excess = explainExcess(JSON.stringify(value), { length: Infinity, values, depth });
    const found = measure(value);
    return (excess !== undefined) === (found.values > values || found.depth > depth);
  });
  expect(fc.check(property).failed).toBe(false);
});
