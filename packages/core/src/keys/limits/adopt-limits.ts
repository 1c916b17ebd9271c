import {
  ANY_MODEL,
  type KeyRingConfiguration,
  type RateLimits,
} from "../../vocabulary/named-key.ts";
import type { RateLimitReport, RateLimitWindow } from "../../vocabulary/provider.ts";
import { LONG_WINDOW_SHARE } from "./pacing.ts";

/** The limits that a group was granted for a model. */
export function findLimits(
  { limits }: KeyRingConfiguration,
  limitGroup: string,
  model: string,
): RateLimits {
  const ofGroup = limits.get(limitGroup);
  return ofGroup?.get(model) ?? ofGroup?.get(ANY_MODEL) ?? {};
}

/**
 * Limits as known, tightened or completed by others.
 * @returns the same object when nothing is new
 */
export function tightenLimits(known: RateLimits, others: RateLimits): RateLimits {
  const requestsPerMinute = tighter(known.requestsPerMinute, others.requestsPerMinute);
  const tokensPerMinute = tighter(known.tokensPerMinute, others.tokensPerMinute);
  const concurrency = tighter(known.concurrency, others.concurrency);
  if (
    requestsPerMinute === known.requestsPerMinute &&
    tokensPerMinute === known.tokensPerMinute &&
    concurrency === known.concurrency
  ) {
    return known;
  }
  return { requestsPerMinute, tokensPerMinute, concurrency };
}

/** The limits of about a minute that an answer reports. */
export function readLimits(report: RateLimitReport): RateLimits {
  return {
    requestsPerMinute: readPerMinute(report.requests),
    tokensPerMinute: readPerMinute(report.tokens),
  };
}

function tighter(known: number | undefined, other: number | undefined): number | undefined {
  if (known === undefined || other === undefined) return known ?? other;
  return Math.min(known, other);
}

/** The limit of a window, if it is one of about a minute. */
function readPerMinute(window: RateLimitWindow | undefined): number | undefined {
  const { limit, remaining, resetMs } = window ?? {};
  if (limit === undefined || limit <= 0) return undefined;
  const used = remaining === undefined ? 0 : limit - remaining;
  if (resetMs === undefined || resetMs <= 0 || used <= 0) return limit;
  const refilledPerMinute = (used / resetMs) * 60_000;
  return refilledPerMinute < limit * LONG_WINDOW_SHARE ? undefined : limit;
}
