import type { RateLimits } from "../../vocabulary/named-key.ts";
import type { RateLimitReport, RateLimitWindow } from "../../vocabulary/provider.ts";

/**
 * Limits as configured, tightened or completed by what an answer reports.
 * @returns the same object when nothing is new
 */
export function adoptLimits(limits: RateLimits, report: RateLimitReport): RateLimits {
  const requestsPerMinute = tighter(limits.requestsPerMinute, readPerMinute(report.requests));
  const tokensPerMinute = tighter(limits.tokensPerMinute, readPerMinute(report.tokens));
  if (
    requestsPerMinute === limits.requestsPerMinute &&
    tokensPerMinute === limits.tokensPerMinute
  ) {
    return limits;
  }
  return { ...limits, requestsPerMinute, tokensPerMinute };
}

function tighter(known: number | undefined, reported: number | undefined): number | undefined {
  if (known === undefined || reported === undefined) return known ?? reported;
  return Math.min(known, reported);
}

/**
 * A window that refills slower than a tenth of its limit a minute is a day's or an hour's: pacing
 * by it would stretch a run over that day, though all of it may be used at once.
 */
const LONG_WINDOW_SHARE = 0.1;

/** The limit of a window, if it is one of about a minute. */
function readPerMinute(window: RateLimitWindow | undefined): number | undefined {
  const { limit, remaining, resetMs } = window ?? {};
  if (limit === undefined || limit <= 0) return undefined;
  const used = remaining === undefined ? 0 : limit - remaining;
  if (resetMs === undefined || resetMs <= 0 || used <= 0) return limit;
  const refilledPerMinute = (used / resetMs) * 60_000;
  return refilledPerMinute < limit * LONG_WINDOW_SHARE ? undefined : limit;
}
