import { expect, test } from "vitest";
import { parseRowRange } from "./row-range.ts";

test.each([
  ["1:100", { from: 1, to: 100 }],
  [":100", { from: 1, to: 100 }],
  ["50:", { from: 50, to: Infinity }],
  ["7:7", { from: 7, to: 7 }],
])("%s is a range, both ends included", (text, range) => {
  expect(parseRowRange(text)).toEqual(range);
});

test.each(["", "5", "0:3", "9:8", "-1:3", "1-3", "1:2:3", "a:b"])("%j is none", (text) => {
  expect(() => parseRowRange(text)).toThrow("is not a range of rows");
});
