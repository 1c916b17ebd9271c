import { OutOfServiceError, type RotaError, WaitedTooLongError } from "../../vocabulary/error.ts";
import type { LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { Candidate } from "./waiting-line.ts";

export interface PatienceLimits {
  /** How long nobody need be served at any endpoint. Milliseconds. */
  readonly outageMs: number;
  /** How long limits may keep everybody waiting. Milliseconds. */
  readonly maxWaitMs: number;
}

/** How long the ring waits for servers before it gives up. Every call that is served begins it anew. */
export class Patience {
  readonly #limits: PatienceLimits;
  /** When the first call was throttled since one was served. */
  #throttledSince: number | undefined;

  constructor(limits: PatienceLimits) {
    this.#limits = limits;
  }

  onOutcome({ kind }: LeaseOutcome, now: number): void {
    if (kind === "succeeded") this.#throttledSince = undefined;
    if (kind === "throttled") this.#throttledSince ??= now;
  }

  /**
   * @param at when a call can be sent at the earliest; Infinity where an answer has to come first
   * @returns what ends its waiting, if it is not worth it
   */
  findEnd(candidates: readonly Candidate[], at: number, now: number): RotaError | undefined {
    const endpoints = candidates.flatMap(({ keys }) =>
      keys.filter(({ health }) => health === "ready").map(({ endpoint }) => endpoint),
    );
    const [first] = endpoints;
    const { outageMs, maxWaitMs } = this.#limits;
    const isOut = endpoints.every(({ outSince = now }) => now - outSince >= outageMs);
    if (first && isOut && outageMs < Infinity) {
      return new OutOfServiceError(
        `There is ${first.describe(now)}. The run has waited as long as limits.outageMinutes ` +
          "allows: when the server is back, type the same command again.",
      );
    }
    if (at === Infinity || at - (this.#throttledSince ?? now) < maxWaitMs) return undefined;
    const groups = [...new Set(candidates.map(({ lane }) => lane.limitGroup))].join(", ");
    return new WaitedTooLongError(
      `The limits of ${groups} leave nothing to send before ${new Date(at).toISOString()}, which ` +
        `is more than the ${Math.round(maxWaitMs / 60_000)} minutes that limits.maxWaitMinutes ` +
        "allows. Type the same command again then, or raise it.",
    );
  }
}
