import type { LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { SendOutcome } from "../../vocabulary/provider.ts";

/** What an answer means for the key and its limit group. */
export function toLeaseOutcome(outcome: SendOutcome): LeaseOutcome {
  const { rateLimit } = outcome;
  if (outcome.kind === "replied") {
    return { kind: "succeeded", usage: outcome.reply.usage, rateLimit };
  }
  const { failure } = outcome;
  switch (failure.class) {
    case "throttled":
    case "ramp-too-steep":
      return {
        kind: "throttled",
        reason: failure.class,
        retryAfterMs: failure.retryAfterMs,
        rateLimit,
      };
    case "key-revoked":
    case "model-not-allowed":
    case "billing-organization":
    case "billing-project":
      return { kind: "key-rejected", reason: failure.class, message: failure.message };
    case "no-service":
      return { kind: "no-service", message: failure.message };
    case "transient":
      return { kind: "transient", rateLimit };
    case "caller-fault":
      return { kind: "caller-fault", rateLimit };
    case "environment":
      return { kind: "abandoned", sent: true };
  }
}
