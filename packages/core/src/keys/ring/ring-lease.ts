import { InvariantError } from "../../vocabulary/error.ts";
import type { Lease, LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { NamedKey } from "../../vocabulary/named-key.ts";
import type { LanePlace } from "../limits/limit-store.ts";
import type { KeyState } from "./key-state.ts";

/** What a lease holds: a key, and a place on its lane. */
export interface LeaseHolding {
  readonly key: KeyState;
  readonly model: string;
  readonly place: LanePlace;
  readonly grantedAt: number;
}

/**
 *     held ──settle──▶ settled (for good)
 */
export class RingLease implements Lease {
  readonly #holding: LeaseHolding;
  readonly #onSettle: (outcome: LeaseOutcome) => void;
  #isSettled = false;

  constructor(holding: LeaseHolding, onSettle: (outcome: LeaseOutcome) => void) {
    this.#holding = holding;
    this.#onSettle = onSettle;
  }

  get key(): NamedKey {
    return this.#holding.key.key;
  }

  get grantedAt(): number {
    return this.#holding.grantedAt;
  }

  wasServedSince(at: number): boolean {
    return this.#holding.key.endpoint.wasServedSince(at);
  }

  settle(outcome: LeaseOutcome): void {
    if (this.#isSettled) {
      throw new InvariantError(`A lease on ${this.key.name} was settled twice.`);
    }
    this.#isSettled = true;
    this.#onSettle(outcome);
  }
}
