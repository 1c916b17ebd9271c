import type { Clock } from "../../vocabulary/clock.ts";
import type { LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { KeyRingConfiguration, NamedKey } from "../../vocabulary/named-key.ts";
import type { Random } from "../../vocabulary/random.ts";

/**
 * Opens a limit store for one key ring. Rings that open theirs with the same function share what is
 * kept in it.
 */
export type OpenLimitStore = (parts: LimitStoreParts) => LimitStore;

export interface LimitStoreParts {
  readonly configuration: KeyRingConfiguration;
  readonly clock: Clock;
  readonly random: Random;
  readonly listener: LimitListener;
}

/**
 * Port: what all who use a limit group share: its counts, its hold, its places in flight, and what
 * came to light about its keys. Everything is synchronous: nothing may come between finding that
 * there is room and taking it.
 */
export interface LimitStore {
  /** A limit group for one model. */
  openLane(limitGroup: string, model: string): Lane;
  /** Tells the others who use the key at this time; those who come later look for themselves. */
  report(key: NamedKey, finding: KeyFinding): void;
  /** Leaves the others all that is held here. Nothing may be asked of it after that. */
  close(): void;
}

/** Notice of what others did. It never comes while a method of the store is at work. */
export interface LimitListener {
  /** There may be room that was not there before. */
  onChange(): void;
  /** @param keyName as it is called in the own configuration */
  onFinding(keyName: string, finding: KeyFinding): void;
}

/** What came to light about a key. Reasons are for people, and hold no secret. */
export type KeyFinding =
  | { readonly kind: "revoked"; readonly reason: string }
  | { readonly kind: "suspended"; readonly reason: string }
  | { readonly kind: "model-barred"; readonly model: string; readonly reason: string }
  /** It was suspended, and serves again. */
  | { readonly kind: "recovered" };

/** A limit group for one model: what is paced. Keys of the group share it. */
export interface Lane {
  readonly limitGroup: string;
  /** Zero, or a time until which it is left alone. */
  readonly heldUntil: number;
  /** Undefined while unknown. */
  readonly requestsPerMinute: number | undefined;
  /** False for a charge that no wait could make room for. */
  canEver(charge: number): boolean;
  /**
   * The earliest time at which a call of this charge may be sent, as far as is known here: `now`, or
   * one before it, if that is now; Infinity while something must happen first, of which the listener
   * has notice if it is not an answer to a call of this ring. To be asked only for calls that wait.
   */
  readyAt(charge: number, now: number): number;
  /** Free share of the tightest count, 0 to 1; 1 when nothing is limited. */
  slack(now: number): number;
  /** Share of the granted requests that was sent of late, 0 to 1; undefined while no limit is known. */
  load(now: number): number | undefined;
  /**
   * Takes a place, one request and the charge.
   * @returns undefined when there is no room after all; then `readyAt` says when there is.
   */
  take(charge: number, now: number): LanePlace | undefined;
}

/** A place on a lane that is taken. */
export interface LanePlace {
  /** Frees it, and draws the consequences of what came of the call. To be called once. */
  settle(outcome: LeaseOutcome, now: number): void;
}
