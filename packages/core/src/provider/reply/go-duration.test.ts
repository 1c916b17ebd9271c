import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseGoDuration } from "./go-duration.ts";

test.each([
  ["1s", 1_000],
  ["6m0s", 360_000],
  ["120ms", 120],
  ["1h2m3.5s", 3_723_500],
  ["100µs", 0.1],
  ["100μs", 0.1],
  ["250us", 0.25],
  ["1ns", 1e-6],
  [".5s", 500],
  ["0", 0],
  ["2", 2_000],
  ["0.25", 250],
])("reads %s as %d ms", (text, milliseconds) => {
  expect(parseGoDuration(text)).toBeCloseTo(milliseconds, 9);
});

test.each(["", " ", "soon", "s", "-1s", "1s ", "1 s", "1d", "1s1", "1e3", "Infinity", "."])(
  "knows no duration in %j",
  (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  },
);

test("reads whatever Go prints", () => {
  const part = fc.nat({ max: 100_000 });
  fc.assert(
    fc.property(part, part, part, part, (hours, minutes, seconds, milliseconds) => {
      const total = ((hours * 60 + minutes) * 60 + seconds) * 1_000 + milliseconds;
      expect(parseGoDuration(`${hours}h${minutes}m${seconds}s${milliseconds}ms`)).toBe(total);
    }),
  );
});

test("never yields a negative or infinite wait", () => {
  const words = fc.stringMatching(/^[-+.\de]*[hmsuµn]*[\d.]*[hmsuµn ]*$/);
  fc.assert(
    fc.property(fc.oneof(words, fc.string(), fc.constant("9".repeat(400))), (text) => {
      const milliseconds = parseGoDuration(text);
      expect(milliseconds === undefined || (milliseconds >= 0 && milliseconds < Infinity)).toBe(
        true,
      );
    }),
  );
});
