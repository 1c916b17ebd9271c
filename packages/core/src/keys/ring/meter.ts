import { Bucket } from "./bucket.ts";

export interface MeterSettings {
  /** What the server grants. */
  readonly perMinute: number;
  /** The most that can be saved up for a burst. */
  readonly capacity: number;
  /** Kept unspent, so that a drift between the two counts shows in what remains. */
  readonly floor: number;
  readonly level: number;
  /** How much faster than granted a surplus may be used up: 0.05 is 5 %. Undefined means at once. */
  readonly catchUp: number | undefined;
}

/** What was known when a reservation was made, for comparison with what the server says of it. */
export interface MeterMark {
  readonly meter: Meter;
  readonly charge: number;
  readonly level: number;
  readonly shifted: number;
}

/**
 * Slower than granted by this much, so that clocks and latencies that vary do not add up to a
 * throttle; what is lost comes back by reconciling.
 */
const CAUTION = 0.985;

/** A surplus is believed when it showed in so many answers on end. */
const SURPLUS_SAMPLES = 15;

/**
 * Counts one thing (requests or tokens) as the server is thought to count it.
 *
 * Every answer that says what remains is compared with the level that was expected right after its
 * reservation. A deficit is believed at once. A surplus is given back by halves of the smallest of
 * the last fifteen, since a single answer may come from before another call was counted. Whatever
 * is corrected shifts the expectation of all calls in flight too: without that, thirty answers
 * would report, and correct, the same drift.
 */
export class Meter {
  readonly #settings: MeterSettings;
  readonly #bucket: Bucket;
  /** The sum of all corrections so far. */
  #shifted = 0;
  #surpluses: number[] = [];
  #lastGainAt: number;
  /** The most that the server ever had left: a server that holds less than the floor cannot keep it. */
  #mostRemaining: number | undefined;
  /** Share of the granted rate that is used: 1 but for a while after a throttle. */
  #pace = 1;

  constructor(settings: MeterSettings, now: number) {
    this.#settings = settings;
    const perMs = (settings.perMinute / 60_000) * CAUTION;
    this.#bucket = new Bucket({ capacity: settings.capacity, level: settings.level, perMs }, now);
    this.#lastGainAt = now;
  }

  get perMinute(): number {
    return this.#settings.perMinute;
  }

  /** True for a charge that could never be had. */
  isBeyond(charge: number): boolean {
    return charge > this.#settings.perMinute;
  }

  /** When `charge` may be taken. */
  readyAt(charge: number, now: number): number {
    return this.#bucket.readyAt(this.#need(charge), now);
  }

  reserve(charge: number, now: number): MeterMark {
    this.#bucket.add(-charge, now);
    return { meter: this, charge, level: this.#bucket.levelAt(now), shifted: this.#shifted };
  }

  /** Gives back what a reservation turned out not to need. */
  giveBack(amount: number, now: number): void {
    this.#bucket.add(amount, now);
  }

  /** @param remaining what the server had left when it had counted the marked reservation */
  reconcile(mark: MeterMark, remaining: number | undefined, now: number): void {
    if (remaining === undefined) return;
    this.#mostRemaining = Math.max(this.#mostRemaining ?? 0, remaining);
    const drift = remaining - (mark.level + this.#shifted - mark.shifted);
    if (drift < 0) {
      this.#shift(drift, now);
      this.#surpluses = [];
      return;
    }
    this.#surpluses.push(drift);
    if (this.#surpluses.length < SURPLUS_SAMPLES) return;
    const gain = Math.min(...this.#surpluses) / 2;
    this.#surpluses = [];
    this.#shift(Math.min(gain, this.#mostGain(now)), now);
    this.#lastGainAt = now;
  }

  /** Runs at a share of the granted rate, until told otherwise. */
  setPace(pace: number, now: number): void {
    if (pace === this.#pace) return;
    this.#pace = pace;
    this.#bucket.setRate((this.#settings.perMinute / 60_000) * CAUTION * pace, now);
  }

  /** Free share of the capacity, 0 to 1. */
  slack(now: number): number {
    return Math.max(0, this.#bucket.levelAt(now) / this.#bucket.capacity);
  }

  /** A charge that leaves no room for the floor waits for a full bucket, and overdraws it if it must. */
  #need(charge: number): number {
    const floor = Math.min(this.#settings.floor, this.#mostRemaining ?? Infinity);
    return Math.min(charge + floor, this.#bucket.capacity);
  }

  #mostGain(now: number): number {
    const { catchUp, perMinute } = this.#settings;
    if (catchUp === undefined) return Infinity;
    return catchUp * (perMinute / 60_000) * (now - this.#lastGainAt);
  }

  #shift(amount: number, now: number): void {
    const before = this.#bucket.levelAt(now);
    this.#bucket.add(amount, now);
    this.#shifted += this.#bucket.levelAt(now) - before;
  }
}
