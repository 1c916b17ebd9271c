import { ApiError } from "../replies/api-error.ts";
import type { LimitRefusal } from "./limit-group.ts";

/** 429 with the time to wait. It names none for a charge above the whole limit, which never fits. */
export function makeLimitError(
  refusal: LimitRefusal,
  headers: readonly string[],
  model: string,
): ApiError {
  const waitMs = refusal.limit === "concurrency" ? Infinity : Math.ceil(refusal.waitMs);
  const isNeverAdmitted = refusal.limit === "tokens" && waitMs === Infinity;
  const hint = Number.isFinite(waitMs) ? ` Please try again in ${waitMs}ms.` : "";
  return new ApiError({
    status: 429,
    message: isNeverAdmitted
      ? `Request too large for ${model}: it needs more tokens than the limit ever allows.`
      : `Rate limit reached for ${model} on ${refusal.limit}.${hint}`,
    type: refusal.limit,
    code: "rate_limit_exceeded",
    headers: [
      ...headers,
      ...(Number.isFinite(waitMs)
        ? ["retry-after", String(Math.ceil(waitMs / 1_000)), "retry-after-ms", String(waitMs)]
        : []),
      ...(isNeverAdmitted ? ["x-should-retry", "false"] : []),
    ],
  });
}
