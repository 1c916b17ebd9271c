import type { Clock } from "../../vocabulary/clock.ts";
import type { RotaError } from "../../vocabulary/error.ts";
import type { Demand, KeyRing, KeyStatus, Lease, LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { KeyRingConfiguration } from "../../vocabulary/named-key.ts";
import type { Random } from "../../vocabulary/random.ts";
import type { KeyFinding, Lane, LimitStore, OpenLimitStore } from "../limits/limit-store.ts";
import { memoryLimits } from "../limits/memory-limits.ts";
import { LOOK_AHEAD } from "../limits/pacing.ts";
import { chooseLane } from "./choose-lane.ts";
import { EndpointState } from "./endpoint-state.ts";
import { KeyState } from "./key-state.ts";
import { describeKey } from "./key-status.ts";
import { Patience, type PatienceLimits } from "./patience.ts";
import { readFindings } from "./read-findings.ts";
import { RingLease, type LeaseHolding } from "./ring-lease.ts";
import { toChargeTooLarge, toNoUsableKey } from "./unservable.ts";
import type { Waiter, WaitingLine } from "./waiting-line.ts";
import { WaitingLines } from "./waiting-lines.ts";

export interface KeyRingParts {
  readonly clock: Clock;
  readonly random: Random;
  /** Where counts, holds and places of limit groups are kept. @default in memory, for this ring only */
  readonly limits?: OpenLimitStore | undefined;
  /** How long the ring waits for servers. @default for ever */
  readonly patience?: PatienceLimits | undefined;
}

const ENDLESS: PatienceLimits = { outageMs: Infinity, maxWaitMs: Infinity };

export function createKeyRing(configuration: KeyRingConfiguration, parts: KeyRingParts): KeyRing {
  return new Dispatcher(configuration, parts);
}

/**
 * Calls stand in lines, one for each model and set of keys. Whenever something changes (a call
 * comes, an answer comes, another process has made room, the next feasible moment has come) every
 * call that can go now is served, the one that has waited longest first; then the ring sleeps until
 * the earliest moment at which another can: one timer for all, and no polling.
 *
 * Between finding that there is room and taking it there is no `await`: two calls can't take the
 * same room.
 */
class Dispatcher implements KeyRing {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #limits: LimitStore;
  readonly #keys: readonly KeyState[];
  readonly #lines: WaitingLines;
  readonly #patience: Patience;
  #waiting = 0;
  #arrivals = 0;
  #wake: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(configuration: KeyRingConfiguration, parts: KeyRingParts) {
    const { clock, random, limits = memoryLimits() } = parts;
    this.#clock = clock;
    this.#random = random;
    this.#patience = new Patience(parts.patience ?? ENDLESS);
    const endpoints = new Map(
      configuration.keys.map(({ endpoint: { baseUrl } }) => [baseUrl, new EndpointState(baseUrl)]),
    );
    this.#keys = configuration.keys.map((key) => {
      const { baseUrl } = key.endpoint;
      return new KeyState(key, endpoints.get(baseUrl) ?? new EndpointState(baseUrl));
    });
    const listener = {
      onChange: () => this.#dispatch(),
      onFinding: (keyName: string, finding: KeyFinding) => this.#hear(keyName, finding),
    };
    this.#limits = limits({ configuration, clock, random, listener });
    this.#lines = new WaitingLines(this.#limits, this.#keys);
  }

  acquire(demand: Demand): Promise<Lease> {
    try {
      demand.signal?.throwIfAborted();
      // While others wait, nobody passes them by.
      if (this.#waiting > 0) return this.#wait(demand);
      const turn = this.#takeTurn(this.#lines.lineFor(demand, this.#clock.now()), demand);
      if (turn.kind === "unservable") throw turn.error;
      return turn.kind === "granted" ? Promise.resolve(turn.lease) : this.#wait(demand);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  status(): readonly KeyStatus[] {
    const now = this.#clock.now();
    return this.#keys.map((state) =>
      describeKey(state, this.#lines.lanesOf(state.key.limitGroup), now),
    );
  }

  close(): void {
    this.#sleepUntil(Infinity);
    this.#limits.close();
  }

  #wait(demand: Demand): Promise<Lease> {
    const { promise, resolve, reject } = Promise.withResolvers<Lease>();
    const { signal } = demand;
    const leave = () => {
      this.#waiting -= 1;
      signal?.removeEventListener("abort", onAbort);
    };
    const waiter: Waiter = {
      demand,
      rank: demand.again ? -1 : this.#arrivals++,
      grant: (lease) => {
        leave();
        resolve(lease);
      },
      reject: (error) => {
        leave();
        reject(error);
      },
    };
    const onAbort = () => {
      this.#lines.remove(waiter);
      waiter.reject(signal?.reason);
      // An alarm for nobody would keep the process alive, for a day where a server says so.
      if (this.#waiting === 0) this.#sleepUntil(Infinity);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#lines.add(waiter, this.#clock.now());
    this.#waiting += 1;
    this.#dispatch();
    return promise;
  }

  /** Serves everyone who can be served now, and sets the alarm for the next. */
  #dispatch(): void {
    if (this.#waiting === 0) return;
    let wakeAt = this.#lines.endDetours(this.#clock.now());
    const blocked = new Set<WaitingLine>();
    for (;;) {
      const line = this.#lines.findNext(blocked);
      const waiter = line?.first;
      if (!line || !waiter) break;
      const turn = this.#takeTurn(line, waiter.demand);
      if (turn.kind === "later") {
        blocked.add(line);
        wakeAt = Math.min(wakeAt, turn.at, this.#serveBehind(line, waiter, turn.lane));
        continue;
      }
      this.#lines.remove(waiter);
      if (turn.kind === "granted") waiter.grant(turn.lease);
      else waiter.reject(turn.error);
    }
    this.#sleepUntil(wakeAt);
  }

  /**
   * A call that waits keeps the lane that it is going to have first. The others are open to lighter
   * calls behind it, which may fit where it does not.
   * @returns when the next of them can go
   */
  #serveBehind(line: WaitingLine, waiting: Waiter, kept: Lane | undefined): number {
    const open = line.candidates.filter(({ lane }) => lane !== kept);
    let lightest = waiting.demand.tokenCharge;
    let wakeAt = Infinity;
    if (open.length === 0) return wakeAt;
    for (const waiter of line.lookBehind(LOOK_AHEAD)) {
      // What did not fit a moment ago does not fit when it is as heavy.
      if (waiter.demand.tokenCharge >= lightest) continue;
      const turn = this.#takeTurn(line, waiter.demand, open);
      if (turn.kind === "granted") {
        this.#lines.remove(waiter);
        waiter.grant(turn.lease);
      } else {
        lightest = waiter.demand.tokenCharge;
        if (turn.kind === "later") wakeAt = Math.min(wakeAt, turn.at);
      }
    }
    return wakeAt;
  }

  #takeTurn(line: WaitingLine, { tokenCharge }: Demand, candidates = line.candidates): Turn {
    const { model } = line;
    const now = this.#clock.now();
    // Where another process was quicker, its lane is known to be later now, and the choice is made anew.
    for (;;) {
      const choice = chooseLane(candidates, { model, charge: tokenCharge }, now, this.#random);
      if (line.isDetour && (choice.kind === "no-key" || choice.kind === "too-large")) {
        return { kind: "later", at: Infinity, lane: undefined };
      }
      switch (choice.kind) {
        case "no-key":
          return { kind: "unservable", error: toNoUsableKey(model, candidates) };
        case "too-large":
          return { kind: "unservable", error: toChargeTooLarge(model, tokenCharge, candidates) };
        case "later": {
          if (line.isDetour) return choice;
          const error = this.#patience.findEnd(line.candidates, choice.at, now);
          return error ? { kind: "unservable", error } : choice;
        }
        case "now": {
          const { key, lane } = choice;
          const place = lane.take(tokenCharge, now);
          if (!place) continue;
          key.take(now);
          const holding = { key, model, place, grantedAt: now };
          const lease = new RingLease(holding, (outcome) => this.#settle(holding, outcome));
          return { kind: "granted", lease };
        }
      }
    }
  }

  #settle({ key, model, place, grantedAt }: LeaseHolding, outcome: LeaseOutcome): void {
    const now = this.#clock.now();
    key.endpoint.release(outcome, grantedAt, now);
    this.#patience.onOutcome(outcome, now);
    if (key.release(outcome, now)) this.#find(key, { kind: "recovered" }, now);
    place.settle(outcome, now);
    for (const found of readFindings(key, model, outcome, this.#keys)) {
      this.#find(found.key, found.finding, now);
    }
    this.#dispatch();
  }

  #find(key: KeyState, finding: KeyFinding, now: number): void {
    key.apply(finding, now);
    this.#limits.report(key.key, finding);
  }

  /** Another process has found something out. */
  #hear(keyName: string, finding: KeyFinding): void {
    this.#keys.find(({ key }) => key.name === keyName)?.apply(finding, this.#clock.now());
    this.#dispatch();
  }

  #sleepUntil(at: number): void {
    if (this.#wake?.at === at) return;
    this.#wake?.cancel();
    this.#wake = undefined;
    if (at === Infinity) return;
    const cancel = this.#clock.schedule(at - this.#clock.now(), () => {
      this.#wake = undefined;
      this.#dispatch();
    });
    this.#wake = { at, cancel };
  }
}

/** What came of a call's turn. */
type Turn =
  | { readonly kind: "granted"; readonly lease: Lease }
  | { readonly kind: "later"; readonly at: number; readonly lane: Lane | undefined }
  | { readonly kind: "unservable"; readonly error: RotaError };
