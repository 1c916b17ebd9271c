import type { RateLimits } from "../../vocabulary/named-key.ts";
import type { LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { Random } from "../../vocabulary/random.ts";
import { beginLane } from "../limits/begin-lane.ts";
import { LaneCounts, type LaneMark } from "../limits/lane-counts.ts";
import { dropFutureTimes, moveTimes } from "../limits/lane-times.ts";
import type { Lane, LanePlace } from "../limits/limit-store.ts";
import { UNSEEN_OTHERS_PACE } from "../limits/pacing.ts";
import { countServed, deferUntil, mayHavePlace } from "./fair-share.ts";
import type { LaneMember, LaneRecord, LaneTable } from "./lane-table.ts";
import type { SharedTime } from "./shared-time.ts";

/** One that waits says so at each look; this is some looks. */
const WANT_MS = 500;

/** What a lane needs of its store. */
export interface LaneGround {
  readonly table: LaneTable;
  readonly time: SharedTime;
  readonly random: Random;
  readonly member: number;
  /** @returns undefined when the database fails; all lanes were cut off then. */
  transact<T>(work: () => T): T | undefined;
}

/**
 * A lane that several processes may use.
 *
 *     ┌────────── nobody else is there ───────────┐
 *     │                                           ▼
 *     ├── another counts alone ──▶ waiting      alone ◀──the last other left──┐
 *     │                              │            │                           │
 *     │                              │            └───────another came────────┤
 *     │                              └──it has written its counts, or died──▶ │
 *     └── others share ─────────────────────────────────────────────────▶ shared
 *
 *     any ──the database fails──▶ cut-off (for good)
 *
 * - alone: the counts are in this process's memory, and nothing is written for a call.
 * - waiting: nothing is sent, since a budget of its own would come on top of the other's. It takes
 *   the other one look at the database to see that it is not alone.
 * - shared: the counts are in the database; each taking and settling is one transaction on them. So
 *   what a server says remains is compared with the sum of all processes. The copy here is as old as
 *   the last look or transaction, and is used only to tell when to try.
 * - cut-off: alone, and slower, since others may be there unseen.
 */
export class SharedLane implements Lane {
  readonly limitGroup: string;
  readonly id: string;
  readonly #limits: RateLimits;
  readonly #ground: LaneGround;
  #mode: "alone" | "waiting" | "shared" | "cut-off" = "waiting";
  #counts: LaneCounts | undefined;
  #others: readonly LaneMember[] = [];
  /** Of this process. */
  #inFlight = 0;
  #servedMs = 0;
  #freedAt = 0;
  #wantsUntil = 0;
  #writtenWant = 0;

  constructor(limitGroup: string, id: string, limits: RateLimits, ground: LaneGround) {
    this.limitGroup = limitGroup;
    this.id = id;
    this.#limits = limits;
    this.#ground = ground;
    ground.transact(() => this.#takePart(ground.time.now()));
  }

  get isShared(): boolean {
    return this.#mode === "waiting" || this.#mode === "shared";
  }

  get heldUntil(): number {
    const heldUntil = this.#counts?.state.heldUntil ?? 0;
    return heldUntil === 0 ? 0 : this.#ground.time.toLocal(heldUntil);
  }

  get requestsPerMinute(): number | undefined {
    return this.#counts?.state.limits.requestsPerMinute;
  }

  canEver(charge: number): boolean {
    return this.#counts?.canEver(charge) ?? true;
  }

  readyAt(charge: number, now: number): number {
    const at = this.#ground.time.toShared(now);
    const ready = this.#findReady(charge, at);
    if (ready <= at) return now;
    this.#wantsUntil = at + WANT_MS;
    return this.#ground.time.toLocal(ready);
  }

  slack(now: number): number {
    return this.#counts?.slack(this.#ground.time.toShared(now)) ?? 0;
  }

  load(now: number): number | undefined {
    return this.#counts?.load(this.#ground.time.toShared(now));
  }

  take(charge: number, now: number): LanePlace | undefined {
    if (this.readyAt(charge, now) > now) return undefined;
    const at = this.#ground.time.toShared(now);
    const inFlightBefore = this.#inFlight;
    const mark = this.#change(at, (counts) => this.#takeIn(counts, charge, at));
    if (mark) return { settle: (outcome, settledAt) => this.#settle(mark, outcome, settledAt) };
    this.#inFlight = inFlightBefore;
    if (this.#counts && !this.isShared) this.#counts.inFlight = inFlightBefore;
    return undefined;
  }

  /** Looks whether others came or went, and what they did. */
  look(at: number): void {
    if (this.#mode === "cut-off") return;
    const { table, member } = this.#ground;
    const record = table.read(this.id);
    if (!this.#fits(record)) {
      this.#ground.transact(() => this.#takePart(at));
    } else if (this.#mode === "shared") {
      this.#load(record, at);
      if (this.#wantsUntil > at && this.#writtenWant < at + WANT_MS / 2) {
        this.#ground.transact(() => this.#writeMember(member));
      }
    }
  }

  /** Shared time has jumped: what is counted here alone goes by the clock that has not. */
  moveTimes(byMs: number): void {
    if (this.#counts && !this.isShared) moveTimes(this.#counts.state, byMs);
  }

  cutOff(at: number): void {
    const state = this.#counts?.state ?? beginLane(this.#limits, at);
    this.#mode = "cut-off";
    this.#others = [];
    this.#counts = new LaneCounts(state, UNSEEN_OTHERS_PACE);
    this.#counts.inFlight = this.#inFlight;
  }

  #takeIn(counts: LaneCounts, charge: number, at: number): LaneMark | undefined {
    if (this.#findReady(charge, at) > at) {
      this.#wantsUntil = at + WANT_MS;
      return undefined;
    }
    this.#servedMs = countServed(this.#share, this.#rivals(at), counts.costMs(charge));
    this.#inFlight += 1;
    return counts.take(charge, at);
  }

  #settle(mark: LaneMark, outcome: LeaseOutcome, now: number): void {
    const at = this.#ground.time.toShared(now);
    this.#inFlight -= 1;
    this.#freedAt = at;
    if (this.#counts && !this.isShared) this.#counts.inFlight -= 1;
    this.#change(at, (counts) => counts.settle(mark, outcome, at, this.#ground.random));
  }

  #findReady(charge: number, at: number): number {
    if (!this.#counts) return Infinity;
    const ready = this.#counts.readyAt(charge, at);
    const rivals = this.#rivals(at);
    if (rivals.length === 0 || ready === Infinity) return ready;
    const { state } = this.#counts;
    const places = this.#counts.placesAt(at);
    if (!mayHavePlace(this.#share, rivals, places)) return Infinity;
    const supply = { places, costMs: this.#counts.costMs(charge), sentAt: state.sentAt };
    return Math.max(ready, deferUntil(this.#share, rivals, supply, this.#freedAt));
  }

  /** Does something to the counts, wherever they are. */
  #change<T>(at: number, work: (counts: LaneCounts) => T): T | undefined {
    if (!this.isShared) return this.#counts && work(this.#counts);
    return this.#ground.transact(() => {
      const record = this.#ground.table.read(this.id);
      if (this.#fits(record)) this.#load(record, at);
      else this.#takePart(at);
      const result = this.#counts && work(this.#counts);
      if (this.#counts && this.isShared) this.#ground.table.writeState(this.id, this.#counts.state);
      this.#writeMember(this.#ground.member);
      return result;
    });
  }

  /** Whether things stand as this process thinks they do. */
  #fits({ holder, state, members }: LaneRecord): boolean {
    const { member } = this.#ground;
    const isIn = members.some((other) => other.member === member);
    const hasOthers = members.length > (isIn ? 1 : 0);
    switch (this.#mode) {
      case "alone":
        return isIn && !hasOthers && holder === member;
      case "waiting":
        return isIn && holder !== member && members.some((other) => other.member === holder);
      case "shared":
        return isIn && hasOthers && holder === undefined && state !== undefined;
      case "cut-off":
        return true;
    }
  }

  /** Finds the place of this process among those who are there now. Inside a transaction. */
  #takePart(at: number): void {
    const { table, member } = this.#ground;
    const record = table.read(this.id);
    const others = record.members.filter((other) => other.member !== member);
    if (others.some((other) => other.member === record.holder)) {
      this.#mode = "waiting";
      this.#counts = undefined;
    } else {
      this.#load(record, at);
      this.#counts ??= new LaneCounts(beginLane(this.#limits, at));
      this.#counts.tighten(this.#limits, at);
      this.#mode = others.length === 0 ? "alone" : "shared";
      if (this.#mode === "alone") table.writeHolder(this.id, member);
      else table.writeState(this.id, this.#counts.state);
    }
    this.#others = others;
    if (this.#counts) this.#counts.inFlight = this.#inFlight + countInFlight(others);
    this.#writeMember(member);
  }

  /** Takes over what is written down, if it is. */
  #load({ state, members }: LaneRecord, at: number): void {
    if (!state) return;
    dropFutureTimes(state, at);
    this.#others = members.filter(({ member }) => member !== this.#ground.member);
    this.#counts = new LaneCounts(state);
    this.#counts.inFlight = this.#inFlight + countInFlight(this.#others);
  }

  #writeMember(member: number): void {
    this.#writtenWant = this.#wantsUntil;
    this.#ground.table.writeMember(this.id, {
      member,
      inFlight: this.#inFlight,
      servedMs: this.#servedMs,
      wantsUntil: this.#wantsUntil,
    });
  }

  /** Those others who wait for their turn. */
  #rivals(at: number): readonly LaneMember[] {
    return this.#others.filter(({ wantsUntil }) => wantsUntil > at);
  }

  get #share(): { inFlight: number; servedMs: number } {
    return { inFlight: this.#inFlight, servedMs: this.#servedMs };
  }
}

function countInFlight(members: readonly LaneMember[]): number {
  return members.reduce((sum, { inFlight }) => sum + inFlight, 0);
}
