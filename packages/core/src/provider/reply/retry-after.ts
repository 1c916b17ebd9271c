import { type HeaderSource, readNumber } from "./header-source.ts";

/**
 * The shortest wait that the server asks for: `retry-after-ms`, else `retry-after` in seconds or as
 * an HTTP date (RFC 9110, section 10.2.3). A date that has passed means no wait.
 * @returns milliseconds, at least 0; undefined when neither header says anything sensible.
 */
export function parseRetryAfter(headers: HeaderSource, nowMs: number): number | undefined {
  const milliseconds = readNumber(headers, "retry-after-ms");
  if (milliseconds !== undefined) return milliseconds;
  const seconds = readNumber(headers, "retry-after");
  if (seconds !== undefined) return seconds * 1_000;
  const date = headers.get("retry-after");
  // `Date.parse` finds a date in nearly anything that has a digit; every HTTP date ends in GMT.
  if (date === null || !date.endsWith(" GMT")) return undefined;
  const untilMs = Date.parse(date) - nowMs;
  return Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs);
}
