import type { RateLimitReport, RateLimitWindow } from "../../vocabulary/provider.ts";
import { parseGoDuration } from "./go-duration.ts";
import { type HeaderSource, readNumber } from "./header-source.ts";

/**
 * Reads `x-ratelimit-{limit,remaining,reset}-{requests,tokens,project-tokens}`. Tokens may be
 * limited twice, for the organization and for the project: the tighter one is reported.
 * @returns undefined when no such header says anything.
 */
export function parseRateLimitHeaders(headers: HeaderSource): RateLimitReport | undefined {
  const requests = parseWindow(headers, "requests");
  const tokens = tighter(parseWindow(headers, "tokens"), parseWindow(headers, "project-tokens"));
  return requests || tokens ? { requests, tokens } : undefined;
}

function parseWindow(headers: HeaderSource, what: string): RateLimitWindow | undefined {
  const limit = readNumber(headers, `x-ratelimit-limit-${what}`);
  const remaining = readNumber(headers, `x-ratelimit-remaining-${what}`);
  const reset = headers.get(`x-ratelimit-reset-${what}`);
  const resetMs = reset === null ? undefined : parseGoDuration(reset);
  if (limit === undefined && remaining === undefined && resetMs === undefined) return undefined;
  return { limit, remaining, resetMs };
}

/** The window with less left; where that is equal or unknown, the one with the smaller limit. */
function tighter(
  a: RateLimitWindow | undefined,
  b: RateLimitWindow | undefined,
): RateLimitWindow | undefined {
  if (!a || !b) return a ?? b;
  const lead = (a.remaining ?? Infinity) - (b.remaining ?? Infinity);
  if (lead < 0) return a;
  if (lead > 0) return b;
  return (a.limit ?? Infinity) <= (b.limit ?? Infinity) ? a : b;
}
