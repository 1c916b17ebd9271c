import type { LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { Random } from "../../vocabulary/random.ts";
import { findLimits } from "./adopt-limits.ts";
import { beginLane } from "./begin-lane.ts";
import { LaneCounts } from "./lane-counts.ts";
import type {
  KeyFinding,
  Lane,
  LanePlace,
  LimitListener,
  LimitStore,
  LimitStoreParts,
  OpenLimitStore,
} from "./limit-store.ts";

/**
 * Limits that are shared by the rings of this process which open theirs with the returned function.
 * @param options.paceShare share of every limit that is used. @default 1
 */
export function memoryLimits(
  options: { readonly paceShare?: number | undefined } = {},
): OpenLimitStore {
  const { paceShare = 1 } = options;
  const shared: SharedInMemory = { counts: new Map(), members: new Set(), paceShare };
  return (parts) => new MemoryLimitStore(shared, parts);
}

interface SharedInMemory {
  readonly paceShare: number;
  /** By limit group and model. */
  readonly counts: Map<string, LaneCounts>;
  readonly members: Set<LimitListener>;
}

class MemoryLimitStore implements LimitStore {
  readonly #shared: SharedInMemory;
  readonly #parts: LimitStoreParts;
  readonly #lanes: MemoryLane[] = [];

  constructor(shared: SharedInMemory, parts: LimitStoreParts) {
    this.#shared = shared;
    this.#parts = parts;
    shared.members.add(parts.listener);
  }

  openLane(limitGroup: string, model: string): Lane {
    const { configuration, clock, random } = this.#parts;
    const name = JSON.stringify([limitGroup, model]);
    const limits = findLimits(configuration, limitGroup, model);
    let counts = this.#shared.counts.get(name);
    if (counts) counts.tighten(limits, clock.now());
    else {
      counts = new LaneCounts(beginLane(limits, clock.now()), this.#shared.paceShare);
      this.#shared.counts.set(name, counts);
    }
    const lane = new MemoryLane(limitGroup, counts, random, () => this.#tellOthers());
    this.#lanes.push(lane);
    return lane;
  }

  report(key: { readonly name: string }, finding: KeyFinding): void {
    for (const other of this.#others()) other.onFinding(key.name, finding);
  }

  close(): void {
    this.#shared.members.delete(this.#parts.listener);
    for (const lane of this.#lanes) lane.close();
    this.#tellOthers();
  }

  #tellOthers(): void {
    if (this.#shared.members.size < 2 && this.#shared.members.has(this.#parts.listener)) return;
    for (const other of this.#others()) other.onChange();
  }

  #others(): LimitListener[] {
    return [...this.#shared.members].filter((member) => member !== this.#parts.listener);
  }
}

class MemoryLane implements Lane {
  readonly limitGroup: string;
  readonly #counts: LaneCounts;
  readonly #random: Random;
  readonly #onRoom: () => void;
  /** Calls in flight of this ring. */
  #inFlight = 0;
  #isOpen = true;

  constructor(limitGroup: string, counts: LaneCounts, random: Random, onRoom: () => void) {
    this.limitGroup = limitGroup;
    this.#counts = counts;
    this.#random = random;
    this.#onRoom = onRoom;
  }

  get heldUntil(): number {
    return this.#counts.state.heldUntil;
  }

  get requestsPerMinute(): number | undefined {
    return this.#counts.state.limits.requestsPerMinute;
  }

  canEver(charge: number): boolean {
    return this.#counts.canEver(charge);
  }

  readyAt(charge: number, now: number): number {
    return this.#counts.readyAt(charge, now);
  }

  slack(now: number): number {
    return this.#counts.slack(now);
  }

  load(now: number): number | undefined {
    return this.#counts.load(now);
  }

  take(charge: number, now: number): LanePlace | undefined {
    if (this.readyAt(charge, now) > now) return undefined;
    this.#inFlight += 1;
    const mark = this.#counts.take(charge, now);
    return {
      settle: (outcome: LeaseOutcome, at: number) => {
        if (!this.#isOpen) return;
        this.#inFlight -= 1;
        this.#counts.inFlight -= 1;
        this.#counts.settle(mark, outcome, at, this.#random);
        this.#onRoom();
      },
    };
  }

  /** What is in flight is not waited for. */
  close(): void {
    this.#isOpen = false;
    this.#counts.inFlight -= this.#inFlight;
  }
}
