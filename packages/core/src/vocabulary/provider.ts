import type { ModelRequest } from "./model-request.ts";
import type { NamedKey } from "./named-key.ts";
import type { TokenUsage } from "./usage.ts";

/** Port: sends one request on one key and says what came of it. */
export interface Provider {
  /**
   * Sends once; there is no retry below this port. Never throws for anything a server or network
   * does: that is a `failed` outcome, classified here and nowhere else.
   * @throws the signal's reason when the signal aborts.
   */
  send(
    request: ModelRequest,
    key: NamedKey,
    options: {
      /** Ends the whole call, body included. Milliseconds. */
      readonly timeoutMs: number;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<SendOutcome>;
  /** Closes connections. */
  close(): Promise<void>;
}

export type SendOutcome =
  | {
      readonly kind: "replied";
      readonly reply: Reply;
      readonly rateLimit: RateLimitReport | undefined;
    }
  | {
      readonly kind: "failed";
      readonly failure: Failure;
      readonly rateLimit: RateLimitReport | undefined;
    };

/** A reply with text. Anything less is a `malformed-reply`, `content-filtered` or `refused` failure. */
export interface Reply {
  /** Never empty. */
  readonly text: string;
  /** The provider's word: `stop`, `length`, … */
  readonly finishReason: string;
  readonly usage: TokenUsage | undefined;
}

/**
 * What a failure means for the key, the limit group and the call. The table that assigns them is
 * the provider's; what follows from each is decided by the key ring and the retry loop.
 */
export const FAILURE_CLASSES = [
  /** A rate limit: hold the limit group; the call pays nothing. */
  "throttled",
  /** The rate rose too steeply: cut the group's rate and ramp up over minutes. */
  "ramp-too-steep",
  /** The key is dead: out of the ring; the call moves on. */
  "key-revoked",
  /** This key may not use this model; others may. */
  "model-not-allowed",
  /** No money on the organization: all its keys rest. */
  "billing-organization",
  /** No money on the project: its keys rest. */
  "billing-project",
  /** This machine or country is refused: the run stops, no other key is burnt. */
  "environment",
  /** Nobody is served at the endpoint, as it seems: it is held; the call pays where others are served. */
  "no-service",
  /** Passing trouble: try again, within the call's retry budget. */
  "transient",
  /** The request itself is wrong: an error of the row, at once. */
  "caller-fault",
] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** The closed list of reasons that a call can end with. */
export const CALL_ERROR_CODES = [
  "condition-failed",
  "content-filtered",
  "context-too-long",
  "group-too-large",
  "invalid-request",
  "malformed-reply",
  "never-answered",
  "output-invalid",
  "refused",
  "rows-failed",
  "template-failed",
  "timed-out",
  "too-large-for-limits",
  "uncertain",
  "unavailable",
] as const;
export type CallErrorCode = (typeof CALL_ERROR_CODES)[number];

export interface Failure {
  readonly class: FailureClass;
  /** What the row's error says if the call ends with this failure. */
  readonly code: CallErrorCode;
  /** For people; holds no secret. */
  readonly message: string;
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** The provider's own error code. */
  readonly providerCode: string | undefined;
  readonly requestId: string | undefined;
  /** The shortest wait the server asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** True when the server may have done (and billed) the work: no definite refusal was read. */
  readonly mayHaveBeenProcessed: boolean;
  /** Text and usage of a reply that was paid for but cannot be used. */
  readonly paid?: { readonly text: string; readonly usage: TokenUsage | undefined } | undefined;
}

/** What a response said about the limits it was counted against. Any part may be absent. */
export interface RateLimitReport {
  readonly requests: RateLimitWindow | undefined;
  readonly tokens: RateLimitWindow | undefined;
}

export interface RateLimitWindow {
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  /** Milliseconds until the window is full again. */
  readonly resetMs: number | undefined;
}
