import { APIError } from "openai";
import type { CallErrorCode, Failure, FailureClass } from "../../vocabulary/provider.ts";
import type { Redact } from "../../vocabulary/redaction.ts";
import { UnusableSecretError } from "../client/key-client.ts";
import { TransportError, type TransportFault } from "../client/transport-error.ts";
import { readRequestId } from "../reply/request-id.ts";
import { parseRetryAfter } from "../reply/retry-after.ts";
import { tidyMessage } from "../reply/tidy-message.ts";
import { describePage } from "../reply/page-title.ts";
import { classifyFailure } from "./classify-failure.ts";
import { readServerError } from "./read-server-error.ts";
import { withoutAnswer } from "./without-answer.ts";

interface FailureContext {
  readonly redact: Redact;
  readonly nowMs: number;
  readonly timeoutMs: number;
}

/** What the openai client threw → what it means for the key, the limit group and the call. */
export function describeFailure(error: unknown, context: FailureContext): Failure {
  if (error instanceof APIError && error.status !== undefined && error.headers !== undefined) {
    return describeRefusal(error, error.status, error.headers, context);
  }
  if (error instanceof TransportError) {
    return describeTransportError(error, context);
  }
  if (error instanceof UnusableSecretError) {
    return withoutAnswer("key-revoked", "unavailable", error.message, false);
  }
  // The client failed to read the reply, such as an error nested too deeply to print.
  const message = `the reply could not be read: ${String(error)}`;
  return withoutAnswer("transient", "unavailable", tidyMessage(message, context.redact), true);
}

function describeRefusal(
  error: APIError,
  status: number,
  headers: Headers,
  { redact, nowMs }: FailureContext,
): Failure {
  const { code } = readServerError(error.error);
  const message = readMessage(error, headers);
  const shouldRetry = headers.get("x-should-retry");
  return {
    ...classifyFailure({ status, code, message, shouldRetry }),
    message: tidyMessage(message, redact),
    status,
    providerCode: code === "" ? undefined : tidyMessage(code, redact),
    requestId: readRequestId(headers, redact),
    retryAfterMs: parseRetryAfter(headers, nowMs),
  };
}

/** What the client says of a refusal without one. */
const NO_BODY = "status code (no body)";

function readMessage({ status = 0, error, message }: APIError, headers: Headers): string {
  if (status >= 300 && status <= 399) {
    const target = headers.get("location") ?? "an address it does not name";
    return `the server redirects to ${target}, where no key is sent; correct the base URL`;
  }
  const said = readServerError(error).message;
  if (said !== "") return said;
  // The client puts the status before a body that it cannot read as an error.
  const body = message.replace(/^\d{3} /, "");
  if (body === NO_BODY) return "the server gives no reason";
  const page = describePage(body);
  return page ? `the server answered with ${page}` : body;
}

const BY_FAULT: Readonly<Record<TransportFault, readonly [FailureClass, CallErrorCode]>> = {
  aborted: ["transient", "timed-out"],
  broken: ["transient", "unavailable"],
  "too-large": ["caller-fault", "malformed-reply"],
  unreadable: ["caller-fault", "malformed-reply"],
  untrusted: ["environment", "unavailable"],
};

function describeTransportError(
  { fault, message, sent }: TransportError,
  { redact, timeoutMs }: FailureContext,
): Failure {
  const explanation = {
    aborted: `no whole reply came within ${timeoutMs} ms`,
    broken: `the connection failed: ${message}`,
    unreadable: `the reply cannot be read: ${message}`,
    "too-large": "the reply is larger than 8 MiB",
    untrusted: `the server's certificate cannot be trusted (${message}); correct the base URL, or name its authority in NODE_EXTRA_CA_CERTS`,
  }[fault];
  // What was sent and lost may have been paid for: it is not sent again for ever.
  if (fault === "broken" && !sent) {
    return withoutAnswer("no-service", "unavailable", tidyMessage(explanation, redact), false);
  }
  return withoutAnswer(...BY_FAULT[fault], tidyMessage(explanation, redact), sent);
}
