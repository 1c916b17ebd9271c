import { z } from "zod";
import type { Statement } from "../../storage/open-database.ts";
import { type LaneState, laneStateSchema } from "../limits/lane-state.ts";
import type { LaneShare } from "./fair-share.ts";
import type { LimitsDatabase } from "./limits-database.ts";

/** A lane as it is written down. */
export interface LaneRecord {
  /** The process that counts alone, in its memory; undefined while the state is for all. */
  readonly holder: number | undefined;
  readonly state: LaneState | undefined;
  readonly members: readonly LaneMember[];
}

export interface LaneMember extends LaneShare {
  readonly member: number;
  /** It waits for its turn until then, unless it says so again. */
  readonly wantsUntil: number;
}

const laneRow = z.object({ holder: z.number().nullable(), state: z.string().nullable() });
const placeRow = z.object({
  member: z.number(),
  in_flight: z.number(),
  served_ms: z.number(),
  wants_until: z.number(),
});

/** Lanes and the processes on them, in the database. */
export class LaneTable {
  readonly #readLane: Statement;
  readonly #readMembers: Statement;
  readonly #readPeopled: Statement;
  readonly #writeLane: Statement;
  readonly #writeMember: Statement;
  readonly #removeMember: Statement;
  readonly #removeLane: Statement;

  constructor(database: LimitsDatabase) {
    this.#readLane = database.prepare("SELECT holder, state FROM lanes WHERE id = ?");
    this.#readMembers = database.prepare(
      "SELECT member, in_flight, served_ms, wants_until FROM places WHERE lane = ?",
    );
    this.#readPeopled = database.prepare("SELECT DISTINCT lane FROM places WHERE member <> ?");
    this.#writeLane = database.prepare("REPLACE INTO lanes (id, holder, state) VALUES (?, ?, ?)");
    this.#writeMember = database.prepare(
      "REPLACE INTO places (lane, member, in_flight, served_ms, wants_until) VALUES (?, ?, ?, ?, ?)",
    );
    this.#removeMember = database.prepare("DELETE FROM places WHERE lane = ? AND member = ?");
    this.#removeLane = database.prepare(
      "DELETE FROM lanes WHERE id = ? AND NOT EXISTS (SELECT 1 FROM places WHERE lane = id)",
    );
  }

  read(lane: string): LaneRecord {
    const row = this.#readLane.get(lane);
    const { holder, state } = row ? laneRow.parse(row) : { holder: null, state: null };
    return {
      holder: holder ?? undefined,
      state: state === null ? undefined : laneStateSchema.parse(JSON.parse(state)),
      members: this.#readMembers.all(lane).map((place) => {
        const { member, in_flight, served_ms, wants_until } = placeRow.parse(place);
        return { member, inFlight: in_flight, servedMs: served_ms, wantsUntil: wants_until };
      }),
    };
  }

  /** Lanes on which there is somebody besides `member`. */
  readPeopled(member: number): ReadonlySet<unknown> {
    return new Set(this.#readPeopled.all(member).map(({ lane }) => lane));
  }

  /** One process counts alone from now on. */
  writeHolder(lane: string, holder: number): void {
    this.#writeLane.run(lane, holder, null);
  }

  /** The state is for all from now on. */
  writeState(lane: string, state: LaneState): void {
    this.#writeLane.run(lane, null, JSON.stringify(state));
  }

  writeMember(lane: string, { member, inFlight, servedMs, wantsUntil }: LaneMember): void {
    this.#writeMember.run(lane, member, inFlight, servedMs, wantsUntil);
  }

  leave(lane: string, member: number): void {
    this.#removeMember.run(lane, member);
    this.#removeLane.run(lane);
  }
}
