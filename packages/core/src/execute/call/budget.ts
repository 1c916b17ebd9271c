/** What a call took from the budget: what it did cost, and what it may have cost where that is not known. */
export interface Spending {
  readonly spentUsd: number;
  /** The most that it may have cost besides. */
  readonly possibleUsd: number;
}

export const NOTHING_SPENT: Spending = { spentUsd: 0, possibleUsd: 0 };

/** What a call may cost, held from before its send until it has ended. */
export interface Reservation {
  readonly step: string;
  readonly usd: number;
}

/** What sums of binary fractions are off by, and far below the price of a token. */
const CRUMBS_USD = 1e-12;

/**
 * Keeps a run from costing more than was allowed. Before a call is sent the most that it can cost
 * is reserved; when it has ended, what it did cost takes that place. So spent + reserved never
 * exceeds the limit, whatever is in flight, unless a call cost more than was reserved for it. Then
 * the others of its step may do so too, and as much is reserved for each of them. While that leaves
 * the budget overdrawn nothing is sent: what was not sent yet gives its reservation back.
 *
 * A call that finds too little left waits while others hold reservations, since they usually cost
 * less than reserved; with none held, the budget is used up.
 */
export class Budget {
  readonly #limitUsd: number;
  #spent: Spending;
  #reservedUsd = 0;
  readonly #reservations = new Set<{ readonly step: string; usd: number }>();
  /** By step: what the dearest call cost, in US dollars. A server may ignore what bounds a reply. */
  readonly #dearest = new Map<string, number>();
  #waiting: (() => void)[] = [];

  /** @param spent by earlier processes */
  constructor(limitUsd: number, spent: Spending = NOTHING_SPENT) {
    this.#limitUsd = limitUsd;
    this.#spent = spent;
  }

  /** True when what is spent and reserved is more than the limit: calls cost more than expected. */
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

  /**
   * Reserves what a call may cost: as much as the dearest of its step so far, at least.
   * @returns undefined when the budget is used up
   */
  async reserve(
    step: string,
    worstCaseUsd: number,
    signal: AbortSignal,
  ): Promise<Reservation | undefined> {
    // Anew each time: what the dearest costs may have been learned meanwhile.
    const needUsd = () => Math.max(worstCaseUsd, this.#dearest.get(step) ?? 0);
    while (needUsd() > this.#leftUsd) {
      if (this.#reservations.size === 0) return undefined;
      await this.#nextSettlement(signal);
    }
    const reservation = { step, usd: needUsd() };
    this.#reservations.add(reservation);
    this.#reservedUsd += reservation.usd;
    return reservation;
  }

  /** To be told what a call of the step did cost: others may cost as much, also those in flight. */
  learn(step: string, costUsd: number): void {
    if (costUsd <= (this.#dearest.get(step) ?? 0)) return;
    this.#dearest.set(step, costUsd);
    for (const reservation of this.#reservations) {
      if (reservation.step !== step || reservation.usd >= costUsd) continue;
      this.#reservedUsd += costUsd - reservation.usd;
      reservation.usd = costUsd;
    }
  }

  /** Ends a reservation. */
  settle(reservation: Reservation, { spentUsd, possibleUsd }: Spending): void {
    this.#reservations.delete(reservation);
    // Back to an exact zero once nothing is reserved: sums of fractions leave crumbs.
    this.#reservedUsd = this.#reservations.size === 0 ? 0 : this.#reservedUsd - reservation.usd;
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
