import type { Clock } from "../../src/vocabulary/clock.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * Time that passes one timer at a time. Unlike the virtual clock of the benchmarks it can jump, as
 * time does for a process that was stopped: what fell due meanwhile fires late.
 */
export class SimulatedClock implements Clock {
  #now: number;
  /** By time, then in the order of their making. */
  readonly #timers: Timer[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), callback };
    const later = this.#timers.findIndex(({ at }) => at > timer.at);
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  jump(durationMs: number): void {
    this.#now += durationMs;
  }

  /** @returns false when nothing will ever fire */
  fireNext(): boolean {
    const timer = this.#timers[0];
    if (!timer || timer.at === Infinity) return false;
    this.#timers.shift();
    this.#now = Math.max(this.#now, timer.at);
    timer.callback();
    return true;
  }
}
