/** Tolerance for rounding: whoever waits exactly as long as `waitMs` says must find enough. */
const ROUNDING_SLACK = 1e-6;

export interface BucketOptions {
  readonly perMinute: number;
  /** The bucket holds what flows in during this time, and never less than 1. */
  readonly burstSeconds: number;
  /** How full it is at the start, 0 to 1. */
  readonly initialFill: number;
  /** Milliseconds on the clock that all later calls use. */
  readonly nowMs: number;
}

/**
 * A limit as a bucket that fills continuously at its rate and holds at most its capacity.
 * Penalties may take the level below zero, but never by more than one capacity, so that a client
 * that stops asking is served again after twice the burst time.
 */
export class Bucket {
  readonly perMinute: number;
  readonly capacity: number;
  readonly #perMs: number;
  #level: number;
  #updatedAtMs: number;

  constructor(options: BucketOptions) {
    this.perMinute = options.perMinute;
    this.capacity = Math.max(1, (options.perMinute / 60) * options.burstSeconds);
    this.#perMs = options.perMinute / 60_000;
    this.#level = this.capacity * options.initialFill;
    this.#updatedAtMs = options.nowMs;
  }

  level(nowMs: number): number {
    const passedMs = Math.max(0, nowMs - this.#updatedAtMs);
    return Math.min(this.capacity, this.#level + passedMs * this.#perMs);
  }

  has(amount: number, nowMs: number): boolean {
    return this.level(nowMs) >= amount - ROUNDING_SLACK;
  }

  /** Takes `amount`, below zero if need be, but not below minus the capacity. */
  take(amount: number, nowMs: number): void {
    this.#level = Math.max(-this.capacity, this.level(nowMs) - amount);
    this.#updatedAtMs = nowMs;
  }

  /** Milliseconds until `amount` is there if nobody takes any; Infinity when it never fits. */
  waitMs(amount: number, nowMs: number): number {
    if (amount > this.capacity) return Infinity;
    return Math.max(0, amount - this.level(nowMs)) / this.#perMs;
  }

  /** Milliseconds until the bucket is full. */
  fullInMs(nowMs: number): number {
    return this.waitMs(this.capacity, nowMs);
  }
}
