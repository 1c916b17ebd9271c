import { expect, test } from "vitest";
import { formatDuration } from "./format-duration.ts";

test.each([
  [0, "0s"],
  [0.2, "1ms"],
  [120, "120ms"],
  [1_000, "1s"],
  [8_640, "8.64s"],
  [360_000, "6m0s"],
  [3_723_500, "1h2m3.5s"],
])("%d ms is written as Go does: %s", (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});
