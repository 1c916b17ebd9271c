import type { LeaseOutcome } from "../../vocabulary/key-ring.ts";
import { FIRST_PROBE_MS, MAX_PROBE_MS } from "../limits/pacing.ts";
import { Refusals } from "../limits/refusals.ts";

/**
 * Whether anybody is served at an endpoint. All keys that lead to it share this.
 *
 *     serving ──most calls find no service──▶ out ──one of its tries is served──▶ serving
 *
 * While it is out one call at a time is let through, at growing intervals, and what the others find
 * is no fault of theirs. An answer to a call that was sent before is none: it says what was, not
 * what is.
 */
export class EndpointState {
  /** As people know it: the host, and the port where it is not the usual one. */
  readonly name: string;
  readonly #refusals = new Refusals({ sent: 0, refused: 0 });
  #outSince: number | undefined;
  #lastFailure = "";
  #firstFailureAt: number | undefined;
  #triedAt = 0;
  #tries = 0;
  #servedGrant = -Infinity;

  constructor(baseUrl: string) {
    this.name = new URL(baseUrl).host;
  }

  get outSince(): number | undefined {
    return this.#outSince;
  }

  /** When the next call may be sent: 0 for now. */
  get availableAt(): number {
    if (this.#outSince === undefined) return 0;
    return this.#triedAt + Math.min(MAX_PROBE_MS, FIRST_PROBE_MS * 2 ** this.#tries);
  }

  /** Whether a call was served that was granted then or later. */
  wasServedSince(at: number): boolean {
    return this.#servedGrant >= at;
  }

  take(now: number): void {
    this.#refusals.onSend();
    if (this.#outSince === undefined) return;
    this.#triedAt = now;
    this.#tries += 1;
  }

  release(outcome: LeaseOutcome, grantedAt: number, now: number): void {
    switch (outcome.kind) {
      case "no-service":
        this.#onFailure(outcome.message, now);
        break;
      case "succeeded":
      case "throttled":
      case "key-rejected":
      case "caller-fault":
        this.#onService(grantedAt);
        break;
      case "transient":
      case "abandoned":
        break;
    }
  }

  describe(now: number): string {
    const since = Math.round((now - (this.#outSince ?? now)) / 1_000);
    const next = Math.max(0, Math.ceil((this.availableAt - now) / 1_000));
    return `no answer from ${this.name} since ${since} s, next try in ${next} s: ${this.#lastFailure}`;
  }

  #onFailure(message: string, now: number): void {
    this.#lastFailure = message;
    this.#firstFailureAt ??= now;
    if (this.#refusals.onRefusal() !== "limit" || this.#outSince !== undefined) return;
    this.#outSince = this.#firstFailureAt;
    this.#triedAt = now;
    this.#tries = 0;
  }

  #onService(grantedAt: number): void {
    if (grantedAt < (this.#firstFailureAt ?? -Infinity)) return;
    this.#servedGrant = Math.max(this.#servedGrant, grantedAt);
    this.#firstFailureAt = undefined;
    if (this.#outSince === undefined) return;
    this.#outSince = undefined;
    this.#refusals.forget();
  }
}
