import type { CallErrorCode, FailureClass } from "../../vocabulary/provider.ts";
import type { ServerError } from "./read-server-error.ts";

/** What an error of the server says. */
export interface Refusal {
  readonly status: number;
  /** `error.code` of the body, else `error.type`; empty when there is neither. */
  readonly code: string;
  /** `error.message` of the body. */
  readonly message: string;
  /** The header `x-should-retry`. */
  readonly shouldRetry: string | null;
}

interface Verdict {
  readonly class: FailureClass;
  readonly code: CallErrorCode;
  readonly mayHaveBeenProcessed: boolean;
}

const refused = (failureClass: FailureClass, code: CallErrorCode = "unavailable"): Verdict => ({
  class: failureClass,
  code,
  mayHaveBeenProcessed: false,
});
const transient: Verdict = refused("transient");
/** The server, or a gateway before it, lost the request after it had begun to work on it. */
const transientAfterWork: Verdict = { ...transient, mayHaveBeenProcessed: true };
const unserved: Verdict = refused("no-service");
const invalid: Verdict = refused("caller-fault", "invalid-request");

const tooLong: Verdict = refused("caller-fault", "context-too-long");

const BY_CODE: ReadonlyMap<string, Verdict> = new Map([
  ["invalid_api_key", refused("key-revoked")],
  ["ip_not_authorized", refused("environment")],
  ["unsupported_country_region_territory", refused("environment")],
  ["model_not_found", refused("model-not-allowed")],
  // Azure's word for a model that is not there.
  ["DeploymentNotFound", refused("model-not-allowed")],
  ["rate_limit_exceeded", refused("throttled")],
  ["slow_down", refused("ramp-too-steep")],
  ["server_is_overloaded", refused("ramp-too-steep")],
  ["insufficient_quota", refused("billing-organization")],
  ["billing_hard_limit_reached", refused("billing-organization")],
  ["credit_balance_exhausted", refused("billing-organization")],
  ["organization_spend_limit_exceeded", refused("billing-organization")],
  ["organization_usage_limit_exceeded", refused("billing-organization")],
  ["project_spend_limit_exceeded", refused("billing-project")],
  ["context_length_exceeded", tooLong],
  ["exceed_context_size_error", tooLong],
  ["content_filter", refused("caller-fault", "content-filtered")],
  ["content_policy_violation", refused("caller-fault", "content-filtered")],
]);

const BY_STATUS: ReadonlyMap<number, Verdict> = new Map([
  [401, refused("key-revoked")],
  // Payment required: said by compatible servers where OpenAI says 429 insufficient_quota.
  [402, refused("billing-organization")],
  [403, refused("model-not-allowed")],
  [408, transientAfterWork],
  [409, transient],
  [429, refused("throttled")],
  [502, { ...unserved, mayHaveBeenProcessed: true }],
  [503, unserved],
  // Overloaded, as Anthropic's servers say it.
  [529, unserved],
]);

/**
 * The one table of what the API's errors mean: by the code of the error, then by the status.
 *
 * `x-should-retry: false` makes a passing fault final. `true` changes nothing: what may be tried
 * again is tried again anyway, and a wrong request stays wrong, however often it is sent.
 */
export function classifyFailure(refusal: Refusal): Verdict {
  const { status, code, message, shouldRetry } = refusal;
  const verdict = BY_CODE.get(code) ?? BY_STATUS.get(status) ?? classifyStatus(status);
  if (verdict.code === "invalid-request" && isAboutContext(message)) return tooLong;
  // One call above the whole limit of a minute is told so with the code of every rate limit; it
  // would be throttled forever.
  if (verdict.class === "throttled" && message.startsWith("Request too large")) {
    return refused("caller-fault", "too-large-for-limits");
  }
  // Of servers that have no code for it. Any other 404 says nothing of the key.
  if (status === 404 && /\bmodel\b/i.test(message)) return refused("model-not-allowed");
  if (verdict.class === "transient" && shouldRetry === "false") {
    return { ...verdict, class: "caller-fault" };
  }
  return verdict;
}

/** Servers that have no code for it say it in words: "This model's maximum context length is …". */
function isAboutContext(message: string): boolean {
  return /\bcontext (?:length|size|window)\b/i.test(message);
}

/**
 * What an error means that came with a success status: the same as with its own, which it may name.
 * The status said success, so the work may have been done where nothing else is known.
 */
export function classifyErrorAfterSuccess(
  { status, code, message }: ServerError,
  shouldRetry: string | null,
): Verdict {
  if (status === undefined && !BY_CODE.has(code)) {
    return { class: "caller-fault", code: "malformed-reply", mayHaveBeenProcessed: true };
  }
  const verdict = classifyFailure({ status: status ?? 400, code, message, shouldRetry });
  // A server that answers is there, whatever became of one behind it.
  return verdict.class === "no-service" ? { ...verdict, class: "transient" } : verdict;
}

function classifyStatus(status: number): Verdict {
  // No redirect is followed: the key is bound to its origin, so the base URL has to be corrected.
  if (status < 400) return refused("environment");
  return status < 500 ? invalid : transientAfterWork;
}
