import { InvariantError } from "../../vocabulary/error.ts";
import type { KeyHealth, LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { NamedKey } from "../../vocabulary/named-key.ts";

/** Billing trouble is looked at again after this long, by one call. */
const PROBE_AFTER_MS = 5 * 60_000;

/**
 * One key's health.
 *
 *     ready ──revoked──▶ revoked (for good)
 *       │ ▲
 *   billing │ probe answered
 *       ▼ │
 *     suspended ──probe due──▶ suspended, one call let through ──billing──▶ suspended again
 *
 * Besides, single models can be barred to a key that is ready.
 */
export class KeyState {
  readonly key: NamedKey;
  inFlight = 0;
  sent = 0;
  succeeded = 0;
  throttled = 0;
  #health: Exclude<KeyHealth, "held"> = "ready";
  #reason: string | undefined;
  #probeAt = Infinity;
  #isProbing = false;
  readonly #barredModels = new Map<string, string>();

  constructor(key: NamedKey) {
    this.key = key;
  }

  get health(): Exclude<KeyHealth, "held"> {
    return this.#health;
  }

  get reason(): string | undefined {
    return this.#reason;
  }

  /** Why it can never serve the model in this run, billing aside; undefined when it can. */
  findBar(model: string): string | undefined {
    if (this.#health === "revoked") return this.#reason;
    if (!(this.key.models?.includes(model) ?? true)) return `not configured for ${model}`;
    return this.#barredModels.get(model);
  }

  /** When it may be used: 0 for now, a time for a probe, never while a probe is out. */
  get availableAt(): number {
    switch (this.#health) {
      case "ready":
        return 0;
      case "suspended":
        return this.#isProbing ? Infinity : this.#probeAt;
      case "revoked":
        return Infinity;
    }
  }

  /** @throws InvariantError when it may not be used yet */
  take(now: number): void {
    if (now < this.availableAt) throw new InvariantError(`The key ${this.key.name} is not ready.`);
    this.#isProbing = this.#health === "suspended";
    this.inFlight += 1;
    this.sent += 1;
  }

  /** To be called for every call that ends, before what came of it is applied. */
  release(outcome: LeaseOutcome, now: number): void {
    this.inFlight -= 1;
    // While a key is suspended, only the probe's own answer counts: others were sent before.
    if (!this.#isProbing || this.inFlight > 0) return;
    this.#isProbing = false;
    if (outcome.kind === "succeeded") this.#recover();
    else this.#probeAt = now + PROBE_AFTER_MS;
  }

  revoke(reason: string): void {
    this.#health = "revoked";
    this.#reason = reason;
  }

  suspend(reason: string, now: number): void {
    if (this.#health === "revoked") return;
    this.#health = "suspended";
    this.#reason = reason;
    this.#probeAt = now + PROBE_AFTER_MS;
  }

  barModel(model: string, reason: string): void {
    this.#barredModels.set(model, reason);
  }

  #recover(): void {
    this.#health = "ready";
    this.#reason = undefined;
    this.#probeAt = Infinity;
  }
}
