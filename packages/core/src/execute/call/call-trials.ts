import type { Demand, Lease } from "../../vocabulary/key-ring.ts";
import type { Failure } from "../../vocabulary/provider.ts";
import type { Random } from "../../vocabulary/random.ts";
import { decideNextMove, type NextMove } from "./next-move.ts";

export interface TrialSettings {
  readonly maxFaults: number;
  readonly random: Random;
}

/** What came of a send that failed. */
export interface TrialEnd {
  readonly move: NextMove;
  /** True when the server did nothing for the call, for all that can be known. */
  readonly isRefused: boolean;
}

/** What one call has met so far, over all its sends. */
export class CallTrials {
  readonly #settings: TrialSettings;
  readonly #notBefore = new Map<string, number>();
  #faults: number;
  #sends = 0;
  /** When the first call was granted that found no service, since that was last weighed. */
  #unservedSince: number | undefined;
  #wasUnserved = false;

  /** @param unanswered sends by earlier processes of which nothing is known */
  constructor(unanswered: number, settings: TrialSettings) {
    this.#faults = unanswered;
    this.#settings = settings;
  }

  /** True for a send after the first one of this process. */
  get isAgain(): boolean {
    return this.#sends > 0;
  }

  /**
   * What the key ring is to know of it. One that found no service goes behind others, which may be
   * served and show that the fault is its own.
   */
  get demand(): Pick<Demand, "again" | "notBefore"> {
    return { again: this.isAgain && !this.#wasUnserved, notBefore: this.#notBefore };
  }

  onFailure(failure: Failure, lease: Lease, now: number): TrialEnd {
    this.#sends += 1;
    this.#wasUnserved = failure.class === "no-service";
    this.#unservedSince ??= lease.grantedAt;
    const wereOthersServed = lease.wasServedSince(this.#unservedSince);
    if (wereOthersServed || !this.#wasUnserved) this.#unservedSince = undefined;
    const move = decideNextMove(failure, {
      ...this.#settings,
      faults: this.#faults,
      wereOthersServed,
    });
    if (move.kind === "try-again") {
      if (move.countsAsFault) this.#faults += 1;
      if (move.stayAwayMs > 0) this.#notBefore.set(lease.key.limitGroup, now + move.stayAwayMs);
    }
    const isOutage = this.#wasUnserved && !wereOthersServed;
    return { move, isRefused: isOutage || !failure.mayHaveBeenProcessed };
  }
}
