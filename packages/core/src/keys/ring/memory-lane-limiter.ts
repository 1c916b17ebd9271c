import type { RateLimits } from "../../vocabulary/named-key.ts";
import type { RateLimitReport } from "../../vocabulary/provider.ts";
import { adoptLimits } from "./adopt-limits.ts";
import type { LaneLimiter, Reservation } from "./lane-limiter.ts";
import { Meter, type MeterMark } from "./meter.ts";
import { Pace } from "./pace.ts";

/** Servers enforce a minute by the second: a second's worth is all that is ever saved up. */
const REQUEST_CAPACITY_MINUTES = 1 / 60;
/**
 * Half of it is kept back, so that a burst is at most half a second's. What is kept back shows a
 * drift, and is used up by others' bursts before calls of ours are refused.
 */
const REQUEST_FLOOR_SHARE = 0.5;
/** Tokens may be saved up for most of a minute: single calls can need that much. */
const TOKEN_BURST_MINUTES = 0.9;
/** Tokens to begin with: enough for first calls, little enough if others used the group before. */
const FIRST_TOKENS_MINUTES = 10 / 60;
/** Below this part of the limit both sides would read about zero, and a drift would not show. */
const TOKEN_FLOOR_SHARE = 0.06;
/** A lane of few requests a minute does not wait a whole interval for its first. */
const LONGEST_FIRST_WAIT_MS = 1_000;
/** A server's left-over requests are used up this much faster than granted, so that no burst comes of it. */
const REQUEST_CATCH_UP = 0.05;

interface MemoryReservation extends Reservation {
  readonly request: MeterMark | undefined;
  readonly tokens: MeterMark | undefined;
}

/** The counts of a lane within this process. */
export class MemoryLaneLimiter implements LaneLimiter {
  #limits: RateLimits;
  #requests: Meter | undefined;
  #tokens: Meter | undefined;
  readonly #pace = new Pace();

  constructor(limits: RateLimits, now: number) {
    this.#limits = limits;
    this.#buildMeters(limits, now);
  }

  get isKnown(): boolean {
    return this.#requests !== undefined || this.#tokens !== undefined;
  }

  get requestsPerMinute(): number | undefined {
    return this.#limits.requestsPerMinute;
  }

  canEver(charge: number): boolean {
    return !this.#tokens?.isBeyond(charge);
  }

  readyAt(charge: number, now: number): number {
    if (!this.#requests && !this.#tokens) return now;
    const pace = this.#pace.at(now);
    this.#requests?.setPace(pace, now);
    this.#tokens?.setPace(pace, now);
    return Math.max(
      this.#requests?.readyAt(1, now) ?? now,
      this.#tokens?.readyAt(charge, now) ?? now,
    );
  }

  reserve(charge: number, now: number): MemoryReservation {
    return {
      charge,
      request: this.#requests?.reserve(1, now),
      tokens: this.#tokens?.reserve(charge, now),
    };
  }

  reconcile(reservation: MemoryReservation, report: RateLimitReport, now: number): void {
    const adopted = adoptLimits(this.#limits, report);
    if (adopted !== this.#limits) {
      this.#buildMeters(adopted, now);
      return;
    }
    reservation.request?.meter.reconcile(reservation.request, report.requests?.remaining, now);
    reservation.tokens?.meter.reconcile(reservation.tokens, report.tokens?.remaining, now);
  }

  cancel({ request, tokens }: MemoryReservation, now: number): void {
    request?.meter.giveBack(request.charge, now);
    tokens?.meter.giveBack(tokens.charge, now);
  }

  returnTokens(amount: number, now: number): void {
    this.#tokens?.giveBack(amount, now);
  }

  slowDown(kind: "throttled" | "ramp-too-steep", now: number): void {
    this.#pace.cut(kind, now);
  }

  slack(now: number): number {
    return Math.min(this.#requests?.slack(now) ?? 1, this.#tokens?.slack(now) ?? 1);
  }

  /** A mark stays with the meter that made it: one that was replaced hears no more of it. */
  #buildMeters(limits: RateLimits, now: number): void {
    const { requestsPerMinute, tokensPerMinute } = limits;
    if (requestsPerMinute !== this.#requests?.perMinute) {
      this.#requests =
        requestsPerMinute === undefined ? undefined : meterRequests(requestsPerMinute, now);
    }
    if (tokensPerMinute !== this.#tokens?.perMinute) {
      this.#tokens = tokensPerMinute === undefined ? undefined : meterTokens(tokensPerMinute, now);
    }
    this.#limits = limits;
  }
}

function meterRequests(perMinute: number, now: number): Meter {
  const capacity = Math.max(1, perMinute * REQUEST_CAPACITY_MINUTES);
  const floor = Math.min(capacity * REQUEST_FLOOR_SHARE, capacity - 1);
  // Nearly empty: the first request goes out when a server that began empty could take it.
  const level = floor + 1 - Math.min(1, (perMinute / 60_000) * LONGEST_FIRST_WAIT_MS);
  return new Meter({ perMinute, capacity, floor, level, catchUp: REQUEST_CATCH_UP }, now);
}

function meterTokens(perMinute: number, now: number): Meter {
  const floor = perMinute * TOKEN_FLOOR_SHARE;
  const level = floor + perMinute * FIRST_TOKENS_MINUTES;
  const capacity = perMinute * TOKEN_BURST_MINUTES;
  return new Meter({ perMinute, capacity, floor, level, catchUp: undefined }, now);
}
