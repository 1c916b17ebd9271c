import type { RateLimitReport } from "../../vocabulary/provider.ts";

/**
 * Port: the counts of one lane. In one process they live in memory; several processes would lease
 * pieces of a shared one. Everything here is synchronous: nothing may come between finding that
 * there is room and taking it.
 */
export interface LaneLimiter {
  /** False for a charge that no wait could make room for. */
  canEver(charge: number): boolean;
  /** The earliest time at which a call of this charge may be sent; `now` if that is now. */
  readyAt(charge: number, now: number): number;
  /** Takes one request and its charge. To be called only when `readyAt` says now. */
  reserve(charge: number, now: number): Reservation;
  /** Compares what was expected with what the answer reports. */
  reconcile(reservation: Reservation, report: RateLimitReport, now: number): void;
  /** Returns a reservation that was never sent. */
  cancel(reservation: Reservation, now: number): void;
  /** Returns tokens that were reserved and not used, for servers that report no counts. */
  returnTokens(amount: number, now: number): void;
  /** Cuts the rate after a throttle that the counts did not foresee; it recovers by itself. */
  slowDown(kind: "throttled" | "ramp-too-steep", now: number): void;
  /** True when calls are paced by a known limit. */
  readonly isKnown: boolean;
  readonly requestsPerMinute: number | undefined;
  /** Free share of the tightest count, 0 to 1; 1 when nothing is limited. */
  slack(now: number): number;
}

/** What is remembered of a reservation. Its inside is the limiter's matter. */
export interface Reservation {
  readonly charge: number;
}
