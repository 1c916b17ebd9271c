import { createRandom, type Random } from "../../src/vocabulary/random.ts";

/** Draws from one repeatable source. */
export class Chance {
  readonly random: Random;

  constructor(seed: number) {
    this.random = createRandom(seed);
    // The first numbers of neighbouring seeds resemble each other.
    for (let turn = 0; turn < 8; turn += 1) this.random();
  }

  happens(share: number): boolean {
    return this.random() < share;
  }

  between(from: number, to: number): number {
    return from + (to - from) * this.random();
  }

  /** Both ends included. */
  integer(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1));
  }

  pick<T>(first: T, ...others: readonly T[]): T {
    return others[this.integer(-1, others.length - 1)] ?? first;
  }

  shuffle<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, place: this.random() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }
}
