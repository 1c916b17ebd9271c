import { ApiError, invalidRequest } from "../replies/api-error.ts";
import { invalidKey, modelNotFound } from "../replies/key-errors.ts";
import type { Fault } from "../scenario/fault-schema.ts";

/** The refusal that a fault stands for; undefined for faults that spoil a reply instead. */
export function refuse(
  fault: Fault,
  asked: { secret: string; model: string | undefined },
): ApiError | undefined {
  switch (fault.kind) {
    case "revoked":
      return invalidKey(asked.secret);
    case "ip-not-authorized":
      return invalidRequest("Your IP address is not authorized to use this key.", {
        status: 401,
        code: "ip_not_authorized",
      });
    case "permission":
      return invalidRequest("You have insufficient permissions for this operation.", {
        status: 403,
        code: "insufficient_permissions",
      });
    case "model-not-found":
      return modelNotFound(asked.model ?? "");
    case "billing":
      return new ApiError({
        status: 429,
        message: "You exceeded your current quota, please check your plan and billing details.",
        type: fault.code,
        code: fault.code,
      });
    case "throttle":
      return new ApiError({
        status: 429,
        message: "Rate limit reached. Please try again later.",
        type: "requests",
        code: "rate_limit_exceeded",
        headers: [
          ...(fault.retryAfter === undefined ? [] : ["retry-after", fault.retryAfter]),
          ...(fault.retryAfterMs === undefined ? [] : ["retry-after-ms", fault.retryAfterMs]),
        ],
      });
    case "slow-down":
      return new ApiError({
        status: fault.status,
        message: "Your request rate rose too quickly. Please lower it and raise it gradually.",
        type: "slow_down",
        code: "slow_down",
      });
    case "status":
      return new ApiError({ ...fault, headers: Object.entries(fault.headers).flat() });
    case "redirect":
      return new ApiError({
        status: 307,
        message: "This endpoint has moved.",
        type: "redirect",
        code: null,
        headers: ["location", fault.location],
      });
    case "context-length":
      return invalidRequest("Your input exceeds the context window of this model.", {
        code: "context_length_exceeded",
        param: "messages",
      });
    case "content-filter":
      return fault.variant === "error"
        ? invalidRequest("The request was stopped by the content filter.", {
            code: "content_filter",
          })
        : undefined;
    case "drip":
    case "hang":
    case "length":
    case "reset":
    case "stall":
    case "truncate":
    case "wrong-body":
      return undefined;
    default:
      return fault satisfies never;
  }
}
