import { expect, test } from "vitest";
import {
  formatCounted,
  formatDuration,
  formatRate,
  formatShare,
  formatUsd,
} from "./format-quantity.ts";

test("a duration is told in its two largest units", () => {
  expect(formatDuration(840)).toBe("0.8 s");
  expect(formatDuration(42_000)).toBe("42 s");
  expect(formatDuration(59_700)).toBe("1 min 0 s");
  expect(formatDuration(65_000)).toBe("1 min 5 s");
  expect(formatDuration(3_599_999)).toBe("1 h 0 min");
  expect(formatDuration(7_800_000)).toBe("2 h 10 min");
  expect(formatDuration(100_000_000)).toBe("1 d 4 h");
});

test("small money is told in fractions of a cent", () => {
  expect(formatUsd(0)).toBe("$0.00");
  expect(formatUsd(0.000_01)).toBe("< $0.0001");
  expect(formatUsd(0.0042)).toBe("$0.0042");
  expect(formatUsd(12.3)).toBe("$12.30");
});

test("a slow rate is told by the minute", () => {
  expect(formatRate(1234.4, "rows")).toBe("1,234 rows/s");
  expect(formatRate(4.25, "rows")).toBe("4.3 rows/s");
  expect(formatRate(0.05, "rows")).toBe("3.0 rows/min");
});

test("a hundred percent is told only when nothing is left", () => {
  expect(formatShare(0.9999)).toBe("99 %");
  expect(formatShare(1)).toBe("100 %");
});

test("one is singular", () => {
  expect(formatCounted(1, "row")).toBe("1 row");
  expect(formatCounted(12_345, "row")).toBe("12,345 rows");
});
