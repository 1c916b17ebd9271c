import { expect, test } from "vitest";
import {
  parseConcurrency,
  parseErrorRate,
  parsePort,
  parseRowRange,
  parseUsd,
} from "./parse-option.ts";

test("options take what they stand for", () => {
  expect(parseConcurrency("64")).toBe(64);
  expect(parseUsd("0.25")).toBe(0.25);
  expect(parseErrorRate("0")).toBe(0);
  expect(parseRowRange("1:100")).toEqual({ from: 1, to: 100 });
  expect(parsePort("0")).toBe(0);
});

test.for([
  [parseConcurrency, ["0", "-1", "1.5", "many", "", "1e3"]],
  [parseUsd, ["0", "-5", "$5", "5 USD", "", ".", "1.2.3"]],
  [parseErrorRate, ["1.01", "-0.1", "1%", "", "0x1", "."]],
  [parseRowRange, ["0:5", "5:1", "5", ":5", "1:", "a:b"]],
  [parsePort, ["65536", "-1", "http"]],
] as const)("%o refuses anything else with words of help", ([parse, texts]) => {
  for (const text of texts) expect(() => parse(text)).toThrow(/^write /);
});
