import type { Clock } from "../../vocabulary/clock.ts";

/** Two readings of one moment differ by less than this. */
const JITTER_MS = 20;

/**
 * The ring's clock never jumps, and so may be far from that of another process, when the machine
 * has slept or its clock was set. What is written down for others is told in wall time.
 */
export class SharedTime {
  readonly #clock: Clock;
  readonly #readWallTime: () => number;
  #aheadMs: number;

  constructor(clock: Clock, readWallTime: () => number) {
    this.#clock = clock;
    this.#readWallTime = readWallTime;
    this.#aheadMs = this.#measure();
  }

  now(): number {
    return this.toShared(this.#clock.now());
  }

  toShared(now: number): number {
    return now + this.#aheadMs;
  }

  toLocal(at: number): number {
    return at - this.#aheadMs;
  }

  /** @returns by how much shared time has jumped since this was last asked */
  catchUp(): number {
    const movedMs = this.#measure() - this.#aheadMs;
    if (Math.abs(movedMs) < JITTER_MS) return 0;
    this.#aheadMs += movedMs;
    return movedMs;
  }

  #measure(): number {
    const aheadMs = this.#readWallTime() - this.#clock.now();
    return Math.abs(aheadMs) < JITTER_MS ? 0 : aheadMs;
  }
}
