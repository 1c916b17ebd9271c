import type { Demand, Lease } from "../../vocabulary/key-ring.ts";
import type { Lane } from "../limits/limit-store.ts";
import type { KeyState } from "./key-state.ts";

/** A call that waits for a lease. */
export interface Waiter {
  readonly demand: Demand;
  /** Smaller is served first; below zero for calls that were sent before. */
  readonly rank: number;
  grant(lease: Lease): void;
  reject(error: unknown): void;
}

/** A lane that may serve a line, with the keys on it that may. */
export interface Candidate {
  readonly lane: Lane;
  readonly keys: readonly KeyState[];
}

/**
 * Calls that the same keys may serve, in their order. Calls of other keys or models stand in other
 * lines, so that none waits behind one it need not wait for.
 */
export class WaitingLine {
  readonly model: string;
  readonly candidates: readonly Candidate[];
  /** True where some lanes are left out for a while: those who stand here can always go elsewhere later. */
  readonly isDetour: boolean;
  readonly #waiters: Waiter[] = [];

  constructor(model: string, candidates: readonly Candidate[], isDetour: boolean) {
    this.model = model;
    this.candidates = candidates;
    this.isDetour = isDetour;
  }

  get first(): Waiter | undefined {
    return this.#waiters[0];
  }

  /** Those who wait behind the first, at most `count` of them. */
  lookBehind(count: number): readonly Waiter[] {
    return this.#waiters.slice(1, 1 + count);
  }

  add(waiter: Waiter): void {
    if (waiter.rank < 0) this.#waiters.unshift(waiter);
    else this.#waiters.push(waiter);
  }

  remove(waiter: Waiter): void {
    const index = this.#waiters.indexOf(waiter);
    if (index >= 0) this.#waiters.splice(index, 1);
  }
}
