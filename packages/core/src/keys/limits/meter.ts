import type { MeterState } from "./lane-state.ts";
import {
  CAUTION,
  DEFICIT_KEPT,
  FLOOR_PER_DEFICIT,
  MAX_FIRST_WAIT_MS,
  MIN_FLOOR_SHARE,
  REQUEST_CAPACITY_MINUTES,
  REQUEST_CATCH_UP,
  REQUEST_FLOOR_SHARE,
  ROUNDING,
  SURPLUS_SAMPLES,
  SURPLUS_SHARE,
  TOKEN_CAPACITY_MINUTES,
  TOKEN_FLOOR_SHARE,
} from "./pacing.ts";

/** How a thing is counted, by what is granted of it in a minute. */
export interface MeterRule {
  /** The most that can be saved up for a burst. */
  readonly capacity: number;
  /** Kept unspent, so that a drift between the two counts shows in what remains. */
  readonly floor: number;
  /** Whether less of it is kept while the two counts agree. Others' bursts are met by the rest. */
  readonly shrinks: boolean;
  /** How much faster than granted a surplus may be used up: 0.05 is 5 %. Infinity means at once. */
  readonly catchUp: number;
}

export function ruleRequests(perMinute: number): MeterRule {
  const capacity = Math.max(1, perMinute * REQUEST_CAPACITY_MINUTES);
  const floor = Math.min(capacity * REQUEST_FLOOR_SHARE, capacity - 1);
  return { capacity, floor, shrinks: false, catchUp: REQUEST_CATCH_UP };
}

export function ruleTokens(perMinute: number): MeterRule {
  const capacity = perMinute * TOKEN_CAPACITY_MINUTES;
  const floor = perMinute * TOKEN_FLOOR_SHARE;
  return { capacity, floor, shrinks: true, catchUp: Infinity };
}

/** Nearly empty: the first request goes out when a server that began empty could take it. */
export function beginRequests(perMinute: number, now: number, generation = 0): MeterState {
  const firstWait = Math.min(1, (perMinute / 60_000) * MAX_FIRST_WAIT_MS);
  return begin(perMinute, ruleRequests(perMinute).floor + 1 - firstWait, now, generation);
}

export function beginTokens(perMinute: number, now: number, generation = 0): MeterState {
  return begin(perMinute, ruleTokens(perMinute).capacity, now, generation);
}

function begin(perMinute: number, level: number, now: number, generation: number): MeterState {
  return {
    generation,
    perMinute,
    level,
    updatedAt: now,
    shifted: 0,
    surpluses: 0,
    smallestSurplus: 0,
    lastGainAt: now,
    deficit: 1,
    pace: 1,
  };
}

/** What was known when a reservation was made, for comparison with what the server says of it. */
export interface MeterMark {
  readonly generation: number;
  readonly charge: number;
  readonly level: number;
  readonly shifted: number;
}

/**
 * Counts one thing (requests or tokens) as the server is thought to count it: a bucket that refills
 * continuously.
 *
 * Every answer that says what remains is compared with the level that was expected right after its
 * reservation. A deficit is believed at once. A surplus is given back by halves of the smallest of
 * the last fifteen, since a single answer may come from before another call was counted. Whatever
 * is corrected shifts the expectation of all calls in flight too: without that, thirty answers
 * would report, and correct, the same drift.
 */
export class Meter {
  readonly #state: MeterState;
  readonly #rule: MeterRule;

  /** @param state is changed in place */
  constructor(state: MeterState, rule: MeterRule) {
    this.#state = state;
    this.#rule = rule;
  }

  get state(): Readonly<MeterState> {
    return this.#state;
  }

  /** True for a charge that could never be had. */
  isBeyond(charge: number): boolean {
    return charge > this.#state.perMinute;
  }

  /**
   * When `charge` may be taken. One that leaves no room for the floor waits for a full bucket, and
   * overdraws it if it must.
   */
  readyAt(charge: number, now: number): number {
    const { mostRemaining = Infinity } = this.#state;
    const floor = Math.min(this.#floor, mostRemaining);
    const missing = Math.min(charge + floor, this.#rule.capacity) - this.#levelAt(now);
    return missing <= ROUNDING ? now : now + missing / this.#perMs;
  }

  reserve(charge: number, now: number): MeterMark {
    this.#add(-charge, now);
    const { generation, level, shifted } = this.#state;
    return { generation, charge, level, shifted };
  }

  /** Returns a reservation that was never sent. */
  cancel(mark: MeterMark, now: number): void {
    if (mark.generation === this.#state.generation) this.#add(mark.charge, now);
  }

  /** Gives back what a reservation turned out not to need. */
  giveBack(amount: number, now: number): void {
    this.#add(amount, now);
  }

  /** @param remaining what the server had left when it had counted the marked reservation */
  reconcile(mark: MeterMark, remaining: number | undefined, now: number): void {
    const state = this.#state;
    if (remaining === undefined || mark.generation !== state.generation) return;
    state.mostRemaining = Math.max(state.mostRemaining ?? 0, remaining);
    const drift = remaining - (mark.level + state.shifted - mark.shifted);
    const deficit = Math.max(0, -drift) / state.perMinute;
    state.deficit = Math.max(deficit, state.deficit * DEFICIT_KEPT);
    if (drift < 0) {
      this.#shift(drift, now);
      state.surpluses = 0;
      return;
    }
    state.smallestSurplus = state.surpluses === 0 ? drift : Math.min(state.smallestSurplus, drift);
    state.surpluses += 1;
    if (state.surpluses < SURPLUS_SAMPLES) return;
    this.#shift(Math.min(state.smallestSurplus * SURPLUS_SHARE, this.#mostGain(now)), now);
    state.surpluses = 0;
    state.lastGainAt = now;
  }

  /** Runs at a share of the granted rate, until told otherwise. */
  setPace(pace: number, now: number): void {
    if (pace === this.#state.pace) return;
    this.#add(0, now);
    this.#state.pace = pace;
  }

  /** Free share of the capacity, 0 to 1. */
  slack(now: number): number {
    return Math.max(0, this.#levelAt(now) / this.#rule.capacity);
  }

  /** Where no drift shows, there is less to keep it visible for. */
  get #floor(): number {
    const { floor, shrinks } = this.#rule;
    if (!shrinks) return floor;
    const { deficit, perMinute } = this.#state;
    return Math.min(floor, perMinute * Math.max(MIN_FLOOR_SHARE, deficit * FLOOR_PER_DEFICIT));
  }

  get #perMs(): number {
    return (this.#state.perMinute / 60_000) * CAUTION * this.#state.pace;
  }

  #levelAt(now: number): number {
    const { level, updatedAt } = this.#state;
    return Math.min(this.#rule.capacity, level + Math.max(0, now - updatedAt) * this.#perMs);
  }

  #add(amount: number, now: number): void {
    this.#state.level = Math.min(this.#rule.capacity, this.#levelAt(now) + amount);
    this.#state.updatedAt = now;
  }

  #mostGain(now: number): number {
    if (this.#rule.catchUp === Infinity) return Infinity;
    return this.#rule.catchUp * (this.#state.perMinute / 60_000) * (now - this.#state.lastGainAt);
  }

  #shift(amount: number, now: number): void {
    const before = this.#levelAt(now);
    this.#add(amount, now);
    this.#state.shifted += this.#state.level - before;
  }
}
