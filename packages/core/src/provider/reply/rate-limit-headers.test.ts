import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseRateLimitHeaders } from "./rate-limit-headers.ts";

const parse = (headers: Record<string, string>) => parseRateLimitHeaders(new Headers(headers));

test("reads requests and tokens", () => {
  const report = parse({
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-remaining-requests": "499",
    "x-ratelimit-reset-requests": "120ms",
    "x-ratelimit-limit-tokens": "200000",
    "x-ratelimit-remaining-tokens": "199000",
    "x-ratelimit-reset-tokens": "6m0s",
  });
  expect(report).toEqual({
    requests: { limit: 500, remaining: 499, resetMs: 120 },
    tokens: { limit: 200_000, remaining: 199_000, resetMs: 360_000 },
  });
});

test("reports the tighter of the organization's and the project's tokens", () => {
  const organization = { "x-ratelimit-remaining-tokens": "900" };
  const project = { "x-ratelimit-remaining-project-tokens": "100" };
  expect(parse({ ...organization, ...project })?.tokens?.remaining).toBe(100);
  expect(parse({ ...project, "x-ratelimit-remaining-tokens": "50" })?.tokens?.remaining).toBe(50);
});

test("takes the smaller limit when as much is left of both", () => {
  const report = parse({
    "x-ratelimit-limit-tokens": "1000",
    "x-ratelimit-limit-project-tokens": "400",
  });
  expect(report?.tokens?.limit).toBe(400);
});

test("is undefined without any such header", () => {
  expect(parse({ "content-type": "text/html" })).toBeUndefined();
});

test("leaves out what makes no sense and keeps the rest", () => {
  const report = parse({
    "x-ratelimit-limit-requests": "many",
    "x-ratelimit-remaining-requests": "-1",
    "x-ratelimit-reset-requests": "soon",
    "x-ratelimit-limit-tokens": "1e999",
    "x-ratelimit-remaining-tokens": "7",
  });
  expect(report).toEqual({ requests: undefined, tokens: { remaining: 7 } });
});

test("reports numbers that are finite and not negative, whatever the server writes", () => {
  const value = fc.stringMatching(/^[\x20-\x7e]*$/);
  fc.assert(
    fc.property(value, value, value, (limit, remaining, reset) => {
      const report = parse({
        "x-ratelimit-limit-tokens": limit,
        "x-ratelimit-remaining-tokens": remaining,
        "x-ratelimit-reset-tokens": reset,
      });
      const numbers = Object.values(report?.tokens ?? {}).filter((part) => part !== undefined);
      expect(numbers.every((part: number) => part >= 0 && Number.isFinite(part))).toBe(true);
    }),
  );
});
