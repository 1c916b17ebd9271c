import {
  ANY_MODEL,
  type KeyRingConfiguration,
  type RateLimits,
} from "../../vocabulary/named-key.ts";
import type { Random } from "../../vocabulary/random.ts";
import type { LaneLimiter, Reservation } from "./lane-limiter.ts";
import { Ramp } from "./ramp.ts";

/** A throttle that names no wait: doubled with each one on end, up to the longest. */
const FIRST_HOLD_MS = 1_000;
const LONGEST_HOLD_MS = 60_000;
/** Up to a tenth more than asked for, so that several who were told the same do not return as one. */
const HOLD_JITTER = 0.1;

/** The load is averaged over about this long. */
const LOAD_MS = 5_000;

/** A place on a lane that is taken. */
export interface LanePlace {
  readonly reservation: Reservation;
  /** Throttles that the lane had had when the place was taken. */
  readonly throttles: number;
}

/**
 * A limit group for one model: what is paced. Keys of the group share it.
 *
 *     open ──throttle──▶ held until a time ──▶ probing (one in flight) ──answered──▶ open
 *
 * Three things gate a call: the hold, the places in flight (configured, and of the ramp), and the
 * limiter's counts. Places are counted here, not by p-limit: all three must hold at one instant, and
 * a queue of its own for one of them would decide before the others are known.
 */
export class Lane {
  readonly limitGroup: string;
  readonly limiter: LaneLimiter;
  readonly #ramp: Ramp;
  readonly #places: number;
  #inFlight = 0;
  #heldUntil = 0;
  #throttles = 0;
  #throttlesOnEnd = 0;
  /** Sends, fading over `LOAD_MS`. */
  #recentSends = 0;
  #recentAt = 0;

  constructor(limitGroup: string, limiter: LaneLimiter, concurrency: number | undefined) {
    this.limitGroup = limitGroup;
    this.limiter = limiter;
    this.#ramp = new Ramp(limiter.isKnown);
    this.#places = concurrency ?? Infinity;
  }

  isHeld(now: number): boolean {
    return this.#heldUntil > now;
  }

  get heldUntil(): number {
    return this.#heldUntil;
  }

  /** The earliest time for a call of this charge; never, while all places are taken. */
  readyAt(charge: number, now: number): number {
    if (this.#inFlight >= this.#places || this.#inFlight >= this.#ramp.window) return Infinity;
    return Math.max(this.#heldUntil, this.limiter.readyAt(charge, now));
  }

  take(charge: number, now: number): LanePlace {
    this.#inFlight += 1;
    this.#recentSends = this.#fadedSends(now) + 1;
    this.#recentAt = now;
    return { reservation: this.limiter.reserve(charge, now), throttles: this.#throttles };
  }

  /** A place is free again. */
  release(): void {
    this.#inFlight -= 1;
  }

  /** An answer that is no throttle. Of a call sent before the last throttle, it says nothing. */
  onAnswer({ throttles }: LanePlace): void {
    if (throttles !== this.#throttles) return;
    this.#throttlesOnEnd = 0;
    this.#ramp.onAnswer();
  }

  onThrottle(retryAfterMs: number | undefined, now: number, random: Random): void {
    const guessed = Math.min(LONGEST_HOLD_MS, FIRST_HOLD_MS * 2 ** this.#throttlesOnEnd);
    const asked = retryAfterMs !== undefined && retryAfterMs > 0 ? retryAfterMs : guessed;
    const holdUntil = now + asked * (1 + HOLD_JITTER * random());
    // Throttles that were already on their way when the hold began are of the same occasion.
    if (!this.isHeld(now)) this.#throttlesOnEnd += 1;
    this.#heldUntil = Math.max(this.#heldUntil, holdUntil);
    this.#throttles += 1;
    this.#ramp.onThrottle(this.#inFlight);
  }

  /** Share of the granted requests that was sent of late, 0 to 1; undefined while no limit is known. */
  load(now: number): number | undefined {
    const { requestsPerMinute } = this.limiter;
    if (requestsPerMinute === undefined) return undefined;
    const granted = (requestsPerMinute / 60_000) * LOAD_MS;
    return Math.min(1, this.#fadedSends(now) / granted);
  }

  #fadedSends(now: number): number {
    return this.#recentSends * Math.exp((this.#recentAt - now) / LOAD_MS);
  }
}

/** The limits that a group was granted for a model. */
export function findLimits(
  { limits }: KeyRingConfiguration,
  limitGroup: string,
  model: string,
): RateLimits {
  const ofGroup = limits.get(limitGroup);
  return ofGroup?.get(model) ?? ofGroup?.get(ANY_MODEL) ?? {};
}
