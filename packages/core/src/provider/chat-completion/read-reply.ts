import type { Failure, SendOutcome } from "../../vocabulary/provider.ts";
import type { Redact } from "../../vocabulary/redaction.ts";
import { explainBodyExcess } from "../client/body-bounds.ts";
import { tidyMessage } from "../reply/tidy-message.ts";
import type { HeaderSource } from "../reply/header-source.ts";
import { classifyErrorAfterSuccess } from "../failure/classify-failure.ts";
import type { ServerError } from "../failure/read-server-error.ts";
import { describePage } from "../reply/page-title.ts";
import { parseRateLimitHeaders } from "../reply/rate-limit-headers.ts";
import { readRequestId } from "../reply/request-id.ts";
import { parseRetryAfter } from "../reply/retry-after.ts";
import { parseChatCompletion } from "./parse-chat-completion.ts";

/** A response with a success status, and its whole body → what came of the call. */
export function readReply(
  { status, headers }: { readonly status: number; readonly headers: HeaderSource },
  text: string,
  { redact, nowMs }: { readonly redact: Redact; readonly nowMs: number },
): SendOutcome {
  const rateLimit = parseRateLimitHeaders(headers);
  const fail = (unusable: UnusableReply): SendOutcome => {
    const message = tidyMessage(unusable.message, redact);
    const requestId = readRequestId(headers, redact);
    const failure = { ...FAILED_AFTER_SUCCESS_STATUS, ...unusable, message, status, requestId };
    return { kind: "failed", failure, rateLimit };
  };

  const excess = explainBodyExcess(text);
  if (excess !== undefined) return fail(explainLargeJson(excess));
  const body = parseJson(text);
  if (body === undefined) return fail(explainBrokenJson(text));
  const completion = parseChatCompletion(body);
  if (completion.kind === "error") {
    const { error, paid } = completion;
    const verdict = classifyErrorAfterSuccess(error, headers.get("x-should-retry"));
    return fail({
      ...verdict,
      message: explainError(error),
      paid,
      providerCode: error.code === "" ? undefined : tidyMessage(error.code, redact),
      retryAfterMs: parseRetryAfter(headers, nowMs),
      mayHaveBeenProcessed: verdict.mayHaveBeenProcessed || paid !== undefined,
    });
  }
  if (completion.kind === "unusable") {
    const { code, message, paid } = completion;
    return fail({ class: "caller-fault", code, message, paid });
  }
  const { text: replyText, finishReason, usage } = completion;
  return { kind: "replied", reply: { text: replyText, finishReason, usage }, rateLimit };
}

type UnusableReply = Partial<Failure> & Pick<Failure, "class" | "code" | "message">;

/** The status said success, so the server did the work and may bill it, whatever the body holds. */
const FAILED_AFTER_SUCCESS_STATUS = {
  providerCode: undefined,
  retryAfterMs: undefined,
  mayHaveBeenProcessed: true,
};

/** @returns undefined, which no JSON stands for, when the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function explainError({ status, code, message }: ServerError): string {
  const name = [status, code].filter((part) => part !== undefined && part !== "").join(" ");
  const what = name === "" ? "an error" : `an error, ${name}`;
  return `the server answered with success and ${what}${message && `: ${message}`}`;
}

function explainLargeJson(excess: string): UnusableReply {
  const message = `the reply is not read, because its JSON ${excess}`;
  return { class: "caller-fault", code: "malformed-reply", message };
}

function explainBrokenJson(text: string): UnusableReply {
  // A gateway cut the JSON and then ended the message properly: the request was not at fault.
  if (text.startsWith("{") && !text.trimEnd().endsWith("}")) {
    return { class: "transient", code: "unavailable", message: "the reply was cut on its way" };
  }
  const answer = describePage(text) ?? (text.trim() || "nothing");
  const message = `the server answered with success, but not with JSON: ${answer}`;
  return { class: "caller-fault", code: "malformed-reply", message };
}
