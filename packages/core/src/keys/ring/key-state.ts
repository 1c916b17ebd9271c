import { InvariantError } from "../../vocabulary/error.ts";
import type { KeyHealth, LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { NamedKey } from "../../vocabulary/named-key.ts";
import type { KeyFinding } from "../limits/limit-store.ts";
import { PROBE_AFTER_MS } from "../limits/pacing.ts";
import type { EndpointState } from "./endpoint-state.ts";

type OwnHealth = Exclude<KeyHealth, "held" | "out">;

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
  readonly endpoint: EndpointState;
  inFlight = 0;
  sent = 0;
  succeeded = 0;
  throttled = 0;
  #health: OwnHealth = "ready";
  #reason: string | undefined;
  #probeAt = Infinity;
  #isProbing = false;
  readonly #barredModels = new Map<string, string>();

  constructor(key: NamedKey, endpoint: EndpointState) {
    this.key = key;
    this.endpoint = endpoint;
  }

  get health(): OwnHealth {
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
        return this.endpoint.availableAt;
      case "suspended":
        return this.#isProbing ? Infinity : Math.max(this.#probeAt, this.endpoint.availableAt);
      case "revoked":
        return Infinity;
    }
  }

  /** @throws InvariantError when it may not be used yet */
  take(now: number): void {
    if (now < this.availableAt) throw new InvariantError(`The key ${this.key.name} is not ready.`);
    this.#isProbing = this.#health === "suspended";
    this.endpoint.take(now);
    this.inFlight += 1;
    this.sent += 1;
  }

  /**
   * To be called for every call that ends, before what came of it is applied.
   * @returns true for the probe of a suspended key that was served
   */
  release(outcome: LeaseOutcome, now: number): boolean {
    this.inFlight -= 1;
    if (outcome.kind === "succeeded") this.succeeded += 1;
    if (outcome.kind === "throttled") this.throttled += 1;
    // While a key is suspended, only the probe's own answer counts: others were sent before.
    if (!this.#isProbing || this.inFlight > 0) return false;
    this.#isProbing = false;
    if (outcome.kind === "succeeded") return true;
    this.#probeAt = now + PROBE_AFTER_MS;
    return false;
  }

  /** Takes in what came to light, here or in another process. */
  apply(finding: KeyFinding, now: number): void {
    if (this.#health === "revoked") return;
    switch (finding.kind) {
      case "revoked":
        this.#health = "revoked";
        this.#reason = finding.reason;
        break;
      case "suspended":
        this.#health = "suspended";
        this.#reason = finding.reason;
        this.#probeAt = now + PROBE_AFTER_MS;
        break;
      case "model-barred":
        this.#barredModels.set(finding.model, finding.reason);
        break;
      case "recovered":
        this.#health = "ready";
        this.#reason = undefined;
        this.#probeAt = Infinity;
        break;
    }
  }
}
