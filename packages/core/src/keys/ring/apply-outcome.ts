import type { LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { RateLimitReport } from "../../vocabulary/provider.ts";
import type { Random } from "../../vocabulary/random.ts";
import type { TokenUsage } from "../../vocabulary/usage.ts";
import type { KeyState } from "./key-state.ts";
import type { LeaseHolding } from "./ring-lease.ts";

/** Draws the consequences of an outcome for the key, its lane, and keys of the same purse. */
export function applyOutcome(
  holding: LeaseHolding,
  outcome: LeaseOutcome,
  { keys, now, random }: { keys: readonly KeyState[]; now: number; random: Random },
): void {
  const { key, lane, model, place } = holding;
  const { limiter } = lane;
  const { reservation } = place;
  switch (outcome.kind) {
    case "succeeded":
      key.succeeded += 1;
      lane.onAnswer(place);
      returnUnusedTokens(holding, outcome.usage, outcome.rateLimit, now);
      break;
    case "throttled":
      key.throttled += 1;
      lane.onThrottle(outcome.retryAfterMs, now, random);
      if (outcome.reason === "ramp-too-steep" || !tellsCounts(outcome.rateLimit)) {
        // Where the answer tells its counts, they explain the throttle and correct ours.
        limiter.slowDown(outcome.reason, now);
        limiter.returnTokens(reservation.charge, now);
      }
      break;
    case "transient":
    case "caller-fault":
      lane.onAnswer(place);
      break;
    case "abandoned":
      if (!outcome.sent) limiter.cancel(reservation, now);
      return;
    case "key-rejected":
      for (const other of keys) {
        if (isSamePurse(outcome.reason, other, key)) other.suspend(outcome.message, now);
      }
      if (outcome.reason === "key-revoked") key.revoke(outcome.message);
      if (outcome.reason === "model-not-allowed") key.barModel(model, outcome.message);
      return;
  }
  if (outcome.rateLimit) limiter.reconcile(reservation, outcome.rateLimit, now);
}

/** A server that reports its counts is believed; for others, usage is the best that is known. */
function returnUnusedTokens(
  { lane, place }: LeaseHolding,
  usage: TokenUsage | undefined,
  report: RateLimitReport | undefined,
  now: number,
): void {
  if (!usage || report?.tokens) return;
  const { charge } = place.reservation;
  lane.limiter.returnTokens(charge - usage.inputTokens - usage.outputTokens, now);
}

function tellsCounts(report: RateLimitReport | undefined): boolean {
  return report?.requests?.remaining !== undefined || report?.tokens?.remaining !== undefined;
}

/** True for the keys that a billing refusal of `key` stops too. */
function isSamePurse(
  reason: Extract<LeaseOutcome, { kind: "key-rejected" }>["reason"],
  { key: other }: KeyState,
  { key }: KeyState,
): boolean {
  const isSameGroup = other.limitGroup === key.limitGroup;
  if (reason === "billing-project") return isSameGroup;
  if (reason !== "billing-organization") return false;
  const { organization, baseUrl } = key.endpoint;
  const isSameOrganization =
    organization !== undefined &&
    other.endpoint.organization === organization &&
    other.endpoint.baseUrl === baseUrl;
  return isSameGroup || isSameOrganization;
}
