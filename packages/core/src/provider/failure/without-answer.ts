import type { CallErrorCode, Failure, FailureClass } from "../../vocabulary/provider.ts";

/** The failure of a call of which no answer is known that a server gave. */
export function withoutAnswer(
  failureClass: FailureClass,
  code: CallErrorCode,
  message: string,
  mayHaveBeenProcessed: boolean,
): Failure {
  return {
    class: failureClass,
    code,
    message,
    status: undefined,
    providerCode: undefined,
    requestId: undefined,
    retryAfterMs: undefined,
    mayHaveBeenProcessed,
  };
}
