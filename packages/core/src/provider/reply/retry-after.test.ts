import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseRetryAfter } from "./retry-after.ts";

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);

const parse = (headers: Record<string, string>) => parseRetryAfter(new Headers(headers), NOW);

test("takes seconds", () => {
  expect(parse({ "retry-after": "2" })).toBe(2_000);
  expect(parse({ "retry-after": "0.5" })).toBe(500);
  expect(parse({ "retry-after": "0" })).toBe(0);
  expect(parse({ "retry-after": "86400" })).toBe(86_400_000);
});

test("takes the finer header first", () => {
  expect(parse({ "retry-after-ms": "120", "retry-after": "1" })).toBe(120);
});

test("falls back on seconds when the finer header is garbage", () => {
  expect(parse({ "retry-after-ms": "soon", "retry-after": "1" })).toBe(1_000);
  expect(parse({ "retry-after-ms": "-5", "retry-after": "1" })).toBe(1_000);
});

test("takes an HTTP date, counted from the clock", () => {
  expect(parse({ "retry-after": "Mon, 23 Nov 2026 12:00:07 GMT" })).toBe(7_000);
});

test("waits not at all for a date that has passed", () => {
  expect(parse({ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" })).toBe(0);
});

test.each(["", "-1", "soon", "1 potato", "Infinity", "NaN", "99th of never GMT"])(
  "makes nothing of %j",
  (text) => {
    expect(parse({ "retry-after": text })).toBeUndefined();
  },
);

test("never asks for a negative or infinite wait", () => {
  const value = fc.oneof(
    fc.stringMatching(/^[\x21-\x7e]*$/),
    fc.date().map((date) => date.toUTCString()),
  );
  fc.assert(
    fc.property(value, value, (milliseconds, seconds) => {
      const wait = parse({ "retry-after-ms": milliseconds, "retry-after": seconds });
      expect(wait === undefined || (wait >= 0 && wait < Infinity)).toBe(true);
    }),
  );
});
