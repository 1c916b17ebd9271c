import type { Clock } from "../../vocabulary/clock.ts";
import type { RotaError } from "../../vocabulary/error.ts";
import type { Demand, KeyRing, KeyStatus, Lease, LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { KeyRingConfiguration } from "../../vocabulary/named-key.ts";
import type { Random } from "../../vocabulary/random.ts";
import { applyOutcome } from "./apply-outcome.ts";
import { chooseLane } from "./choose-lane.ts";
import { KeyState } from "./key-state.ts";
import { findLimits, Lane } from "./lane.ts";
import { MemoryLaneLimiter } from "./memory-lane-limiter.ts";
import { toChargeTooLarge, toNoUsableKey } from "./unservable.ts";
import { RingLease, type LeaseHolding } from "./ring-lease.ts";
import { type Waiter, WaitingLine } from "./waiting-line.ts";

/** Calls behind a waiting one that are looked at, to use what it leaves open. */
const LOOK_AHEAD = 64;

export interface KeyRingParts {
  readonly clock: Clock;
  readonly random: Random;
}

export function createKeyRing(configuration: KeyRingConfiguration, parts: KeyRingParts): KeyRing {
  return new LocalKeyRing(configuration, parts);
}

/**
 * The dispatcher. Calls stand in lines, one for each model and set of keys. Whenever something
 * changes (a call comes, an answer comes, the next feasible moment has come) it serves every call
 * that can go now, the one that has waited longest first, and then sleeps until the earliest moment
 * at which another can: one timer for all, and no polling.
 *
 * Between finding that there is room and taking it there is no `await`: two calls can't take the
 * same room.
 */
class LocalKeyRing implements KeyRing {
  readonly #configuration: KeyRingConfiguration;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #keys: readonly KeyState[];
  /** By limit group and model. */
  readonly #lanes = new Map<string, Lane>();
  /** By model and the names of the keys asked for. */
  readonly #lines = new Map<string, WaitingLine>();
  #waiting = 0;
  #arrivals = 0;
  #wake: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(configuration: KeyRingConfiguration, { clock, random }: KeyRingParts) {
    this.#configuration = configuration;
    this.#clock = clock;
    this.#random = random;
    this.#keys = configuration.keys.map((key) => new KeyState(key));
  }

  acquire(demand: Demand): Promise<Lease> {
    try {
      demand.signal?.throwIfAborted();
      const line = this.#lineFor(demand);
      // While others wait, nobody passes them by.
      if (this.#waiting > 0) return this.#wait(line, demand);
      const turn = this.#takeTurn(line, demand);
      if (turn.kind === "unservable") throw turn.error;
      return turn.kind === "granted" ? Promise.resolve(turn.lease) : this.#wait(line, demand);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  status(): readonly KeyStatus[] {
    const now = this.#clock.now();
    return this.#keys.map((state) => {
      const { limitGroup, name } = state.key;
      const lanes = [...this.#lanes.values()].filter((lane) => lane.limitGroup === limitGroup);
      const held = state.health === "ready" ? lanes.find((lane) => lane.isHeld(now)) : undefined;
      const busiest = lanes.toSorted((a, b) => (b.load(now) ?? 0) - (a.load(now) ?? 0))[0];
      return {
        name,
        limitGroup,
        health: held ? "held" : state.health,
        reason: held
          ? `throttled, for ${Math.ceil((held.heldUntil - now) / 1000)} s more`
          : state.reason,
        inFlight: state.inFlight,
        sent: state.sent,
        succeeded: state.succeeded,
        throttled: state.throttled,
        requestsPerMinute: busiest?.limiter.requestsPerMinute,
        load: busiest?.load(now),
      };
    });
  }

  #wait(line: WaitingLine, demand: Demand): Promise<Lease> {
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
      line.remove(waiter);
      waiter.reject(signal?.reason);
      // An alarm for nobody would keep the process alive, for a day where a server says so.
      if (this.#waiting === 0) this.#sleepUntil(Infinity);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    line.add(waiter);
    this.#waiting += 1;
    this.#dispatch();
    return promise;
  }

  /** Serves everyone who can be served now, and sets the alarm for the next. */
  #dispatch(): void {
    let wakeAt = Infinity;
    const blocked = new Set<WaitingLine>();
    for (;;) {
      const line = this.#nextLine(blocked);
      const waiter = line?.first;
      if (!line || !waiter) break;
      const turn = this.#takeTurn(line, waiter.demand);
      if (turn.kind === "later") {
        blocked.add(line);
        wakeAt = Math.min(wakeAt, turn.at, this.#serveBehind(line, waiter, turn.lane));
        continue;
      }
      line.remove(waiter);
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
  #serveBehind(line: WaitingLine, waiting: Waiter, kept: Lane): number {
    const open = line.candidates.filter(({ lane }) => lane !== kept);
    let lightest = waiting.demand.tokenCharge;
    let wakeAt = Infinity;
    if (open.length === 0) return wakeAt;
    for (const waiter of line.lookBehind(LOOK_AHEAD)) {
      // What did not fit a moment ago does not fit when it is as heavy.
      if (waiter.demand.tokenCharge >= lightest) continue;
      const turn = this.#takeTurn(line, waiter.demand, open);
      if (turn.kind === "granted") {
        line.remove(waiter);
        waiter.grant(turn.lease);
      } else {
        lightest = waiter.demand.tokenCharge;
        if (turn.kind === "later") wakeAt = Math.min(wakeAt, turn.at);
      }
    }
    return wakeAt;
  }

  /** Of the lines that are not blocked, the one whose first call came first. */
  #nextLine(blocked: ReadonlySet<WaitingLine>): WaitingLine | undefined {
    let next: WaitingLine | undefined;
    for (const line of this.#lines.values()) {
      if (!line.first || blocked.has(line)) continue;
      if (!next?.first || line.first.rank < next.first.rank) next = line;
    }
    return next;
  }

  #takeTurn(
    { model, candidates: all }: WaitingLine,
    { tokenCharge }: Demand,
    candidates = all,
  ): Turn {
    const now = this.#clock.now();
    const choice = chooseLane(candidates, { model, charge: tokenCharge }, now, this.#random);
    switch (choice.kind) {
      case "no-key":
        return { kind: "unservable", error: toNoUsableKey(model, candidates) };
      case "too-large":
        return { kind: "unservable", error: toChargeTooLarge(model, tokenCharge, candidates) };
      case "later":
        return choice;
      case "now": {
        const { key, lane } = choice;
        key.take(now);
        const holding = { key, lane, model, place: lane.take(tokenCharge, now) };
        const lease = new RingLease(holding, (outcome) => this.#settle(holding, outcome));
        return { kind: "granted", lease };
      }
    }
  }

  #settle(holding: LeaseHolding, outcome: LeaseOutcome): void {
    const { key, lane } = holding;
    const now = this.#clock.now();
    key.release(outcome, now);
    lane.release();
    applyOutcome(holding, outcome, { keys: this.#keys, now, random: this.#random });
    if (this.#waiting > 0) this.#dispatch();
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

  #lineFor({ model, keys }: Demand): WaitingLine {
    const name = `${model}\n${keys?.join("\n") ?? ""}`;
    let line = this.#lines.get(name);
    if (!line) {
      const allowed = this.#keys.filter(({ key }) => keys?.includes(key.name) ?? true);
      const byGroup = Map.groupBy(allowed, ({ key }) => key.limitGroup);
      const candidates = [...byGroup].map(([limitGroup, ofGroup]) => ({
        lane: this.#laneFor(limitGroup, model),
        keys: ofGroup,
      }));
      line = new WaitingLine(model, candidates);
      this.#lines.set(name, line);
    }
    return line;
  }

  #laneFor(limitGroup: string, model: string): Lane {
    const name = `${limitGroup}\n${model}`;
    let lane = this.#lanes.get(name);
    if (!lane) {
      const limits = findLimits(this.#configuration, limitGroup, model);
      const limiter = new MemoryLaneLimiter(limits, this.#clock.now());
      lane = new Lane(limitGroup, limiter, limits.concurrency);
      this.#lanes.set(name, lane);
    }
    return lane;
  }
}

/** What came of a call's turn. */
type Turn =
  | { readonly kind: "granted"; readonly lease: Lease }
  | { readonly kind: "later"; readonly at: number; readonly lane: Lane }
  | { readonly kind: "unservable"; readonly error: RotaError };
