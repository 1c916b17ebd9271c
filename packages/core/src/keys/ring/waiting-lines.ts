import type { Demand } from "../../vocabulary/key-ring.ts";
import type { Lane, LimitStore } from "../limits/limit-store.ts";
import type { KeyState } from "./key-state.ts";
import { type Waiter, WaitingLine } from "./waiting-line.ts";

/** The lines in which calls stand, and the lanes that lead out of them. */
export class WaitingLines {
  readonly #limits: LimitStore;
  readonly #keys: readonly KeyState[];
  /** By limit group and model. */
  readonly #lanes = new Map<string, Lane>();
  /** By model, the names of the keys asked for, and the groups that are left out. */
  readonly #lines = new Map<string, WaitingLine>();
  /** Where each one stands who waits. */
  readonly #standing = new Map<Waiter, WaitingLine>();
  /** Those who stand in a detour, and when the next group is open to them again. */
  readonly #detours = new Map<Waiter, number>();

  constructor(limits: LimitStore, keys: readonly KeyState[]) {
    this.#limits = limits;
    this.#keys = keys;
  }

  lanesOf(limitGroup: string): Lane[] {
    return [...this.#lanes.values()].filter((lane) => lane.limitGroup === limitGroup);
  }

  /** Of the lines that are not blocked, the one whose first call came first. */
  findNext(blocked: ReadonlySet<WaitingLine>): WaitingLine | undefined {
    let next: WaitingLine | undefined;
    for (const line of this.#lines.values()) {
      if (!line.first || blocked.has(line)) continue;
      if (!next?.first || line.first.rank < next.first.rank) next = line;
    }
    return next;
  }

  /** The line for a call; one that some groups turned away a moment ago has a line without them. */
  lineFor({ model, keys, notBefore }: Demand, now: number): WaitingLine {
    const away = listAway(notBefore, now);
    const name = [model, keys?.join("\n") ?? "", ...away].join("\n\n");
    let line = this.#lines.get(name);
    if (!line) {
      const allowed = this.#keys.filter(
        ({ key }) => (keys?.includes(key.name) ?? true) && !away.includes(key.limitGroup),
      );
      const byGroup = Map.groupBy(allowed, ({ key }) => key.limitGroup);
      const candidates = [...byGroup].map(([limitGroup, ofGroup]) => ({
        lane: this.#laneFor(limitGroup, model),
        keys: ofGroup,
      }));
      line = new WaitingLine(model, candidates, away.length > 0);
      this.#lines.set(name, line);
    }
    return line;
  }

  add(waiter: Waiter, now: number): void {
    const { notBefore } = waiter.demand;
    const line = this.lineFor(waiter.demand, now);
    line.add(waiter);
    this.#standing.set(waiter, line);
    if (!line.isDetour) return;
    const times = listAway(notBefore, now).map((group) => notBefore?.get(group) ?? now);
    this.#detours.set(waiter, Math.min(...times));
  }

  remove(waiter: Waiter): void {
    const line = this.#standing.get(waiter);
    if (!line) return;
    line.remove(waiter);
    this.#standing.delete(waiter);
    this.#detours.delete(waiter);
    if (!line.isDetour || line.first) return;
    for (const [name, other] of this.#lines) if (other === line) this.#lines.delete(name);
  }

  /**
   * Lets those whose detour has ended into the next line.
   * @returns when the next one does; Infinity for never
   */
  endDetours(now: number): number {
    let next = Infinity;
    for (const [waiter, until] of this.#detours) {
      if (until > now) {
        next = Math.min(next, until);
        continue;
      }
      this.remove(waiter);
      this.add(waiter, now);
      next = Math.min(next, this.#detours.get(waiter) ?? Infinity);
    }
    return next;
  }

  #laneFor(limitGroup: string, model: string): Lane {
    const name = `${limitGroup}\n${model}`;
    let lane = this.#lanes.get(name);
    if (!lane) {
      lane = this.#limits.openLane(limitGroup, model);
      this.#lanes.set(name, lane);
    }
    return lane;
  }
}

/** In their order, so that one set of groups has one name. */
function listAway(notBefore: Demand["notBefore"], now: number): string[] {
  if (!notBefore) return [];
  return [...notBefore].flatMap(([group, until]) => (until > now ? [group] : [])).toSorted();
}
