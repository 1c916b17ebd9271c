import type { RateLimitReport } from "../../src/vocabulary/provider.ts";

export interface ModelledGroup {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
}

type Admission =
  | { readonly kind: "admitted"; readonly report: RateLimitReport }
  | { readonly kind: "refused"; readonly retryAfterMs: number; readonly report: RateLimitReport };

/** Requests are enforced by the second, tokens by the minute. */
const REQUEST_WINDOW_MS = 1_000;
const TOKEN_WINDOW_MS = 60_000;

/** A limit group as a server counts it: charged at admission, refused requests counted too. */
export class ModelledServer {
  readonly #requests: Count;
  readonly #tokens: Count;

  constructor({ requestsPerMinute, tokensPerMinute }: ModelledGroup) {
    this.#requests = new Count(requestsPerMinute, REQUEST_WINDOW_MS);
    this.#tokens = new Count(tokensPerMinute, TOKEN_WINDOW_MS);
  }

  admit(charge: number, now: number): Admission {
    const fits = this.#requests.level(now) >= 1 && this.#tokens.level(now) >= charge;
    const retryAfterMs = Math.max(this.#requests.wait(1, now), this.#tokens.wait(charge, now));
    this.#requests.take(1, now);
    if (fits) this.#tokens.take(charge, now);
    const report = { requests: this.#requests.report(now), tokens: this.#tokens.report(now) };
    return fits ? { kind: "admitted", report } : { kind: "refused", retryAfterMs, report };
  }

  /** The shortest time in which `calls` of `charge` tokens can be admitted. */
  static shortestMs(groups: readonly ModelledGroup[], calls: number, charge: number): number {
    let low = 0;
    let high = 1e9;
    while (high - low > 1) {
      const middle = (low + high) / 2;
      const admitted = groups.reduce(
        (sum, { requestsPerMinute, tokensPerMinute }) =>
          sum +
          Math.min(
            (requestsPerMinute / 60_000) * (middle + REQUEST_WINDOW_MS),
            ((tokensPerMinute / 60_000) * (middle + TOKEN_WINDOW_MS)) / charge,
          ),
        0,
      );
      if (admitted >= calls) high = middle;
      else low = middle;
    }
    return high;
  }
}

class Count {
  readonly #perMs: number;
  readonly #capacity: number;
  #level: number;
  #at = 0;

  constructor(perMinute: number, windowMs: number) {
    this.#perMs = perMinute / 60_000;
    this.#capacity = this.#perMs * windowMs;
    this.#level = this.#capacity;
  }

  level(now: number): number {
    return Math.min(this.#capacity, this.#level + (now - this.#at) * this.#perMs);
  }

  take(amount: number, now: number): void {
    this.#level = Math.max(-this.#capacity, this.level(now) - amount);
    this.#at = now;
  }

  wait(amount: number, now: number): number {
    return Math.max(0, (amount - this.level(now)) / this.#perMs);
  }

  report(now: number) {
    const level = this.level(now);
    return {
      limit: Math.round(this.#perMs * 60_000),
      remaining: Math.max(0, Math.floor(level)),
      resetMs: Math.ceil((this.#capacity - level) / this.#perMs),
    };
  }
}
