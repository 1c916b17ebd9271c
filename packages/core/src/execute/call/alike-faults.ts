import { type Clock, sleep } from "../../vocabulary/clock.ts";
import type { Failure } from "../../vocabulary/provider.ts";

/** So many calls refused alike, and none served, are no chance. */
const ALIKE_CALLS = 4;
/** How long a refused call waits for what becomes of the others. */
const VERDICT_MS = 2_000;

/**
 * Tells a fault of the whole run from one of a row. A parameter that the model does not take, or a
 * wrong path, meets every call alike: the first ones wait for each other, and when all of them were
 * refused in the same words the run stops instead of failing its rows one by one.
 *
 *     open ──a call is served──▶ settled (each fault is its row's)
 *       └──all that were sent are refused alike──▶ the run stops
 */
export class AlikeFaults {
  readonly #clock: Clock;
  readonly #counts = new Map<string, number>();
  readonly #waiting = new Set<AbortController>();
  #inFlight = 0;
  #isSettled: boolean;
  #isOfRun = false;

  /** @param wasServed true when an earlier process was served: there are no faults of the run then */
  constructor(clock: Clock, wasServed: boolean) {
    this.#clock = clock;
    this.#isSettled = wasServed;
  }

  onSend(): void {
    this.#inFlight += 1;
  }

  /** To be called for each send that has ended, before what came of it is weighed. */
  onEnd(wasServed: boolean): void {
    this.#inFlight -= 1;
    if (!wasServed) return;
    this.#isSettled = true;
    this.#wake();
  }

  /** Ends when another call may be sent: not while so many were refused alike that all may be. */
  async untilOpen(signal: AbortSignal): Promise<void> {
    if (this.#isSettled || Math.max(0, ...this.#counts.values()) < ALIKE_CALLS) return;
    if (this.#inFlight > 0 || this.#waiting.size > 0) await this.#waitForOthers(signal);
    // The run is about to be stopped, which ends this wait.
    if (this.#isOfRun) await this.#waitForOthers(signal);
  }

  /** @returns true when the fault is the run's, and no row's */
  async isOfRun(failure: Failure, signal: AbortSignal): Promise<boolean> {
    if (this.#isSettled || failure.code !== "invalid-request") return false;
    const mark = JSON.stringify([failure.status, failure.providerCode, failure.message]);
    this.#counts.set(mark, (this.#counts.get(mark) ?? 0) + 1);
    if (!this.#isAlike(mark)) await this.#waitForOthers(signal);
    if (!this.#isAlike(mark)) return false;
    this.#isOfRun = true;
    this.#wake();
    return true;
  }

  #isAlike(mark: string): boolean {
    const count = this.#counts.get(mark) ?? 0;
    return !this.#isSettled && this.#inFlight === 0 && count >= ALIKE_CALLS;
  }

  async #waitForOthers(signal: AbortSignal): Promise<void> {
    const verdict = new AbortController();
    this.#waiting.add(verdict);
    try {
      await sleep(this.#clock, VERDICT_MS, { signal: AbortSignal.any([verdict.signal, signal]) });
    } catch (error) {
      if (!verdict.signal.aborted) throw error;
    } finally {
      this.#waiting.delete(verdict);
    }
  }

  #wake(): void {
    for (const verdict of this.#waiting) verdict.abort();
  }
}
