import type { Limits } from "../scenario/limit-group-schema.ts";
import { Bucket } from "./bucket.ts";
import { formatDuration } from "./format-duration.ts";

export type RateRefusal =
  | { readonly limit: "requests"; readonly waitMs: number }
  /** `waitMs` is Infinity for a charge that is larger than the whole bucket. */
  | { readonly limit: "tokens"; readonly waitMs: number };

/** The request and token limits that one limit group has on one model, or on several together. */
export class RateWindow {
  readonly requests: Bucket | undefined;
  readonly tokens: Bucket | undefined;
  readonly #countRefused: boolean;

  constructor(limits: Limits, nowMs: number) {
    const { initialFill } = limits;
    this.requests =
      limits.requestsPerMinute === undefined
        ? undefined
        : new Bucket({
            perMinute: limits.requestsPerMinute,
            burstSeconds: limits.burstSeconds,
            initialFill,
            nowMs,
          });
    this.tokens =
      limits.tokensPerMinute === undefined
        ? undefined
        : new Bucket({
            perMinute: limits.tokensPerMinute,
            burstSeconds: limits.tokenBurstSeconds,
            initialFill,
            nowMs,
          });
    this.#countRefused = limits.countRefused;
  }

  /** Charges one request and its tokens if both are there, and neither of them otherwise. */
  charge(tokens: number, nowMs: number): RateRefusal | undefined {
    const hasRequest = this.requests?.has(1, nowMs) ?? true;
    const hasTokens = this.tokens?.has(tokens, nowMs) ?? true;
    if (hasRequest && hasTokens) {
      this.requests?.take(1, nowMs);
      this.tokens?.take(tokens, nowMs);
      return undefined;
    }
    this.penalize(nowMs);
    const requestWaitMs = this.requests?.waitMs(1, nowMs) ?? 0;
    const tokenWaitMs = this.tokens?.waitMs(tokens, nowMs) ?? 0;
    return tokenWaitMs > requestWaitMs
      ? { limit: "tokens", waitMs: tokenWaitMs }
      : { limit: "requests", waitMs: requestWaitMs };
  }

  /** A refused request uses up the request limit as well, where the scenario says so. */
  penalize(nowMs: number): void {
    if (this.#countRefused) this.requests?.take(1, nowMs);
  }

  /** `x-ratelimit-*` as flat name–value pairs: what is left right now. */
  headers(nowMs: number): string[] {
    const headers: string[] = [];
    if (this.requests) addHeaders(headers, "requests", this.requests, nowMs);
    if (this.tokens) addHeaders(headers, "tokens", this.tokens, nowMs);
    return headers;
  }
}

function addHeaders(headers: string[], unit: string, bucket: Bucket, nowMs: number): void {
  const remaining = Math.max(0, Math.floor(bucket.level(nowMs)));
  headers.push(
    `x-ratelimit-limit-${unit}`,
    String(bucket.perMinute),
    `x-ratelimit-remaining-${unit}`,
    String(remaining),
    `x-ratelimit-reset-${unit}`,
    formatDuration(bucket.fullInMs(nowMs)),
  );
}
