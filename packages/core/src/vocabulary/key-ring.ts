import type { NamedKey } from "./named-key.ts";
import type { FailureClass, RateLimitReport } from "./provider.ts";
import type { TokenUsage } from "./usage.ts";

/** Port: hands out the right to send, at the earliest time that limits and health allow. */
export interface KeyRing {
  /**
   * Waits for the right to send one call now.
   * @throws NoUsableKeyError when no key is left that could ever serve the demand.
   * @throws OutOfServiceError when nobody was served at any endpoint for too long.
   * @throws WaitedTooLongError when limits would keep it waiting for too long.
   * @throws ChargeTooLargeError when the charge exceeds what every eligible group could ever hold.
   * @throws the signal's reason when the signal aborts.
   */
  acquire(demand: Demand): Promise<Lease>;
  /** How each key stands, in the order of the configuration. */
  status(): readonly KeyStatus[];
  /**
   * Leaves what it shares with other processes. To be called when the last call has ended; `status`
   * may still be asked.
   */
  close(): void;
}

export interface Demand {
  readonly model: string;
  /** Key names that may serve it; undefined means all. */
  readonly keys: readonly string[] | undefined;
  /** What the server is expected to charge against a token limit. */
  readonly tokenCharge: number;
  /** True for a call that was sent before, for whatever reason: it goes to the head of its line. */
  readonly again?: boolean | undefined;
  /** Limit groups that turned this very call away, and until when it is to stay away from each. */
  readonly notBefore?: ReadonlyMap<string, number> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The right to send one call now, on one key. Ends with exactly one `settle`. */
export interface Lease {
  readonly key: NamedKey;
  readonly grantedAt: number;
  /** Whether its endpoint has served a call that was granted at that time or later. */
  wasServedSince(at: number): boolean;
  /** @throws InvariantError when called a second time. */
  settle(outcome: LeaseOutcome): void;
}

export type LeaseOutcome =
  | {
      readonly kind: "succeeded";
      readonly usage: TokenUsage | undefined;
      readonly rateLimit: RateLimitReport | undefined;
    }
  | {
      readonly kind: "throttled";
      readonly reason: Extract<FailureClass, "throttled" | "ramp-too-steep">;
      readonly retryAfterMs: number | undefined;
      readonly rateLimit: RateLimitReport | undefined;
    }
  | {
      readonly kind: "key-rejected";
      readonly reason: Extract<
        FailureClass,
        "key-revoked" | "model-not-allowed" | "billing-organization" | "billing-project"
      >;
      /** For people; holds no secret. */
      readonly message: string;
    }
  /** The endpoint could not be reached, or serves nobody. The message is for people; it holds no secret. */
  | { readonly kind: "no-service"; readonly message: string }
  | { readonly kind: "transient"; readonly rateLimit: RateLimitReport | undefined }
  | { readonly kind: "caller-fault"; readonly rateLimit: RateLimitReport | undefined }
  /** Never sent, or given up on our side: the reservation is returned where nothing was sent. */
  | { readonly kind: "abandoned"; readonly sent: boolean };

/**
 * A key's health: `ready` until a rejection; `held` while its limit group is left alone after a
 * throttle, `out` while nobody is served at its endpoint; `suspended` may come back, `revoked` does not.
 */
export type KeyHealth = "ready" | "held" | "out" | "suspended" | "revoked";

export interface KeyStatus {
  readonly name: string;
  readonly limitGroup: string;
  readonly health: KeyHealth;
  /** Why it is not ready, for people. */
  readonly reason: string | undefined;
  readonly inFlight: number;
  readonly sent: number;
  readonly succeeded: number;
  readonly throttled: number;
  /** Requests a minute that its group is paced to now; undefined while unknown. */
  readonly requestsPerMinute: number | undefined;
  /** Used share of the group's binding limit over the last seconds, 0 to 1; undefined while unknown. */
  readonly load: number | undefined;
}
