/**
 * Keeps a run from costing more than was allowed. Before a call is sent the most that it can cost
 * is reserved; when it has ended, what it did cost takes that place. So spent + reserved never
 * exceeds the limit, whatever is in flight.
 *
 * A call that finds too little left waits while others hold reservations, since they usually cost
 * less than reserved; with none held, the budget is used up.
 */
export class Budget {
  readonly #limitUsd: number;
  #spentUsd: number;
  #reservedUsd = 0;
  #reservations = 0;
  #waiting: (() => void)[] = [];

  constructor(limitUsd: number, spentUsd: number) {
    this.#limitUsd = limitUsd;
    this.#spentUsd = spentUsd;
  }

  /** Resolves to false when the budget is used up. */
  async reserve(worstCaseUsd: number, signal: AbortSignal): Promise<boolean> {
    while (this.#spentUsd + this.#reservedUsd + worstCaseUsd > this.#limitUsd) {
      if (this.#reservations === 0) return false;
      await this.#nextSettlement(signal);
    }
    this.#reservedUsd += worstCaseUsd;
    this.#reservations += 1;
    return true;
  }

  /** Ends a reservation: `spentUsd` is what the call cost, as far as is known. */
  settle(reservedUsd: number, spentUsd: number): void {
    this.#reservations -= 1;
    // Back to an exact zero once nothing is reserved: sums of fractions leave crumbs.
    this.#reservedUsd = this.#reservations === 0 ? 0 : this.#reservedUsd - reservedUsd;
    this.#spentUsd += spentUsd;
    const woken = this.#waiting;
    this.#waiting = [];
    for (const wake of woken) wake();
  }

  async #nextSettlement(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#waiting.push(resolve);
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }
}
