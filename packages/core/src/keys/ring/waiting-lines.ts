import type { Demand } from "../../vocabulary/key-ring.ts";
import type { Lane, LimitStore } from "../limits/limit-store.ts";
import type { KeyState } from "./key-state.ts";
import { WaitingLine } from "./waiting-line.ts";

/** The lines in which calls stand, and the lanes that lead out of them. */
export class WaitingLines {
  readonly #limits: LimitStore;
  readonly #keys: readonly KeyState[];
  /** By limit group and model. */
  readonly #lanes = new Map<string, Lane>();
  /** By model and the names of the keys asked for. */
  readonly #lines = new Map<string, WaitingLine>();

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

  lineFor({ model, keys }: Demand): WaitingLine {
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
      lane = this.#limits.openLane(limitGroup, model);
      this.#lanes.set(name, lane);
    }
    return lane;
  }
}
