/** What a call took from the budget: what it did cost, and what it may have cost where that is not known. */
export interface Spending {
  readonly spentUsd: number;
  /** The most that it may have cost besides. */
  readonly possibleUsd: number;
}

export const NOTHING_SPENT: Spending = { spentUsd: 0, possibleUsd: 0 };

/** What sums of binary fractions are off by, and far below the price of a token. */
const CRUMBS_USD = 1e-12;

/**
 * Keeps a run from costing more than was allowed. Before a call is sent the most that it can cost
 * is reserved; when it has ended, what it did cost takes that place. So spent + reserved never
 * exceeds the limit, whatever is in flight, unless a call cost more than was reserved for it: then
 * the budget is overdrawn, and what was not sent by then is not sent any more.
 *
 * A call that finds too little left waits while others hold reservations, since they usually cost
 * less than reserved; with none held, the budget is used up.
 */
export class Budget {
  readonly #limitUsd: number;
  #spent: Spending;
  #reservedUsd = 0;
  #reservations = 0;
  #waiting: (() => void)[] = [];

  /** @param spent by earlier processes */
  constructor(limitUsd: number, spent: Spending = NOTHING_SPENT) {
    this.#limitUsd = limitUsd;
    this.#spent = spent;
  }

  /** True when what is spent and reserved is more than the limit: some call cost more than expected. */
  get isOverdrawn(): boolean {
    return this.#leftUsd < -CRUMBS_USD;
  }

  /** Why nothing is sent any more, for people. */
  describe(): string {
    const { spentUsd, possibleUsd } = this.#spent;
    const possible =
      possibleUsd > 0 ? `, and up to ${format(possibleUsd)} by calls whose cost is not known` : "";
    return `the budget of ${format(this.#limitUsd)} is used up: ${format(spentUsd)} spent${possible}`;
  }

  /** Resolves to false when the budget is used up. */
  async reserve(worstCaseUsd: number, signal: AbortSignal): Promise<boolean> {
    while (worstCaseUsd > this.#leftUsd) {
      if (this.#reservations === 0) return false;
      await this.#nextSettlement(signal);
    }
    this.#reservedUsd += worstCaseUsd;
    this.#reservations += 1;
    return true;
  }

  /** Ends a reservation. */
  settle(reservedUsd: number, { spentUsd, possibleUsd }: Spending): void {
    this.#reservations -= 1;
    // Back to an exact zero once nothing is reserved: sums of fractions leave crumbs.
    this.#reservedUsd = this.#reservations === 0 ? 0 : this.#reservedUsd - reservedUsd;
    this.#spent = {
      spentUsd: this.#spent.spentUsd + spentUsd,
      possibleUsd: this.#spent.possibleUsd + possibleUsd,
    };
    const woken = this.#waiting;
    this.#waiting = [];
    for (const wake of woken) wake();
  }

  get #leftUsd(): number {
    const { spentUsd, possibleUsd } = this.#spent;
    return this.#limitUsd - (spentUsd + possibleUsd + this.#reservedUsd);
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

/** Two significant digits for parts of a cent, else cents. */
function format(usd: number): string {
  return `$${usd > 0 && usd < 0.1 ? Number(usd.toPrecision(2)) : usd.toFixed(2)}`;
}
