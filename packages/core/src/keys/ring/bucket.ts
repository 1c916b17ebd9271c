/** Sums of fractions miss a whole by less than this; without it a wake-up can come a hair too early. */
const ROUNDING = 1e-9;

/**
 * A continuously refilled bucket. Its level may fall below zero, when more turns out to have been
 * taken than was thought; it never rises above its capacity.
 */
export class Bucket {
  #capacity: number;
  #perMs: number;
  #level: number;
  #updatedAt: number;

  constructor(state: { capacity: number; perMs: number; level: number }, now: number) {
    this.#capacity = state.capacity;
    this.#perMs = state.perMs;
    this.#level = state.level;
    this.#updatedAt = now;
  }

  get capacity(): number {
    return this.#capacity;
  }

  levelAt(now: number): number {
    const refilled = this.#level + Math.max(0, now - this.#updatedAt) * this.#perMs;
    return Math.min(this.#capacity, refilled);
  }

  /** When the level is going to be `amount`; never, for more than the capacity. */
  readyAt(amount: number, now: number): number {
    const missing = amount - this.levelAt(now);
    if (missing <= ROUNDING) return now;
    if (amount > this.#capacity) return Infinity;
    return now + missing / this.#perMs;
  }

  /** Adds (or, below zero, takes) without asking. */
  add(amount: number, now: number): void {
    this.#level = Math.min(this.#capacity, this.levelAt(now) + amount);
    this.#updatedAt = now;
  }

  /** From now on it refills at this rate. */
  setRate(perMs: number, now: number): void {
    this.add(0, now);
    this.#perMs = perMs;
  }
}
