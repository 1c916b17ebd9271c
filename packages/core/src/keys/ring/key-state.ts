import { InvariantError } from "../../vocabulary/error.ts";
import type { KeyHealth } from "../../vocabulary/key-ring.ts";
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
        return this.inFlight > 0 ? Infinity : this.#probeAt;
      case "revoked":
        return Infinity;
    }
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

  onSuccess(): void {
    this.succeeded += 1;
    // A call that was in flight before the suspension says nothing about it.
    if (this.#health === "suspended" && this.#probeAt === PROBING) this.#recover();
  }

  take(now: number): void {
    if (now < this.availableAt) throw new InvariantError(`The key ${this.key.name} is not ready.`);
    if (this.#health === "suspended") this.#probeAt = PROBING;
    this.inFlight += 1;
    this.sent += 1;
  }

  #recover(): void {
    this.#health = "ready";
    this.#reason = undefined;
    this.#probeAt = Infinity;
  }
}

/** Marks that the probe of a suspended key is out. */
const PROBING = -1;
