import { z } from "zod";
import { explainFailure, readErrorCode } from "../../storage/storage-error.ts";
import type { NamedKey } from "../../vocabulary/named-key.ts";
import { findLimits } from "../limits/adopt-limits.ts";
import type { KeyFinding, Lane, LimitStore, LimitStoreParts } from "../limits/limit-store.ts";
import { GroupIdentity } from "./group-identity.ts";
import { LaneTable } from "./lane-table.ts";
import { ForeignLimitsError, type LimitsDatabase } from "./limits-database.ts";
import { MemberTable } from "./member-table.ts";
import { SharedLane } from "./shared-lane.ts";
import type { SharedTime } from "./shared-time.ts";

/** How often the database is looked at: alone, to see who comes; beside others, to see what they do. */
const LOOK_ALONE_MS = 200;
const LOOK_SHARED_MS = 50;
/** How often it is said that this process is there. */
const SEE_MS = 1_000;

export interface SharedLimitStoreOptions {
  readonly database: LimitsDatabase;
  readonly time: SharedTime;
  /** Told once, when the database has failed. */
  readonly onFailure: (explanation: string) => void;
}

/**
 * What this process shares with others through a database.
 *
 *     joined ──close──▶ closed
 *       └──the database fails──▶ cut off: every lane goes on alone
 */
export class SharedLimitStore implements LimitStore {
  readonly #parts: LimitStoreParts;
  readonly #options: SharedLimitStoreOptions;
  readonly #identity: GroupIdentity;
  readonly #lanes: SharedLane[] = [];
  readonly #laneTable: LaneTable;
  readonly #members: MemberTable;
  readonly #member: number;
  #isOpen = true;
  #seenAt: number;
  #stopLooking: () => void = () => {};

  /** @throws what SQLite says */
  constructor(parts: LimitStoreParts, options: SharedLimitStoreOptions) {
    const { database, time } = options;
    this.#parts = parts;
    this.#options = options;
    this.#identity = new GroupIdentity(parts.configuration, database.salt);
    this.#laneTable = new LaneTable(database);
    this.#members = new MemberTable(database);
    this.#seenAt = time.now();
    this.#member = database.transact(() => {
      const member = this.#members.join(this.#seenAt);
      this.#members.see(member, this.#seenAt);
      return member;
    });
    this.#lookLater();
  }

  openLane(limitGroup: string, model: string): Lane {
    const { configuration, random } = this.#parts;
    const id = this.#identity.nameLane(limitGroup, model);
    const limits = findLimits(configuration, limitGroup, model);
    const lane = new SharedLane(limitGroup, id, limits, {
      table: this.#laneTable,
      time: this.#options.time,
      random,
      member: this.#member,
      transact: (work) => this.#transact(work),
    });
    this.#lanes.push(lane);
    if (!this.#isOpen) lane.cutOff(this.#options.time.now());
    else if (lane.isShared) this.#lookLater();
    return lane;
  }

  report(key: NamedKey, finding: KeyFinding): void {
    const name = this.#identity.nameKey(key);
    this.#transact(() =>
      this.#members.addFinding(this.#member, name, finding, this.#options.time.now()),
    );
  }

  close(): void {
    this.#stopLooking();
    this.#transact(() => {
      this.#members.leave(this.#member);
      for (const { id } of this.#lanes) this.#laneTable.leave(id, this.#member);
    });
    this.#isOpen = false;
    this.#options.database.close();
    for (const lane of this.#lanes) lane.cutOff(this.#options.time.now());
  }

  #lookLater(): void {
    const isShared = this.#lanes.some((lane) => lane.isShared);
    this.#stopLooking();
    this.#stopLooking = this.#parts.clock.schedule(
      isShared ? LOOK_SHARED_MS : LOOK_ALONE_MS,
      () => {
        const findings = this.#attempt(() => this.#look());
        if (this.#isOpen) this.#lookLater();
        if (!findings) return;
        for (const { keyName, finding } of findings) {
          this.#parts.listener.onFinding(keyName, finding);
        }
        this.#parts.listener.onChange();
      },
      // Beside others, a look may be all that a call waits for.
      { background: !isShared },
    );
  }

  /** @returns what others found out; undefined when nothing has changed */
  #look(): { readonly keyName: string; readonly finding: KeyFinding }[] | undefined {
    const { database, time } = this.#options;
    const movedMs = time.catchUp();
    if (movedMs !== 0) for (const lane of this.#lanes) lane.moveTimes(movedMs);
    const at = time.now();
    let mustLook = this.#lanes.some((lane) => lane.isShared);
    let wasLost = false;
    if (Math.abs(at - this.#seenAt) >= SEE_MS) {
      const seen = database.transact(() => this.#members.see(this.#member, at));
      this.#seenAt = at;
      wasLost = seen.wasLost;
      mustLook ||= seen.wasLost || seen.removedOthers;
    }
    if (!database.hasChanged() && !mustLook) return undefined;
    const peopled = this.#laneTable.readPeopled(this.#member);
    for (const lane of this.#lanes) {
      if (wasLost || lane.isShared || peopled.has(lane.id)) lane.look(at);
    }
    return this.#members.readFindings(this.#member).flatMap(({ key, finding }) => {
      const keyName = this.#identity.findKey(key);
      return keyName === undefined ? [] : [{ keyName, finding }];
    });
  }

  #transact<T>(work: () => T): T | undefined {
    return this.#attempt(() => this.#options.database.transact(work));
  }

  /** What fails on the disk or in the file ends the sharing, not the run. */
  #attempt<T>(work: () => T): T | undefined {
    if (!this.#isOpen) return undefined;
    try {
      return work();
    } catch (error) {
      // What was begun before the failure was said goes on without the database.
      if (!this.#isOpen) return undefined;
      const explanation = explainLimitsFailure(error);
      if (explanation === undefined) throw error;
      this.#cutOff(explanation);
      return undefined;
    }
  }

  #cutOff(explanation: string): void {
    this.#isOpen = false;
    this.#stopLooking();
    this.#options.database.close();
    const at = this.#options.time.now();
    for (const lane of this.#lanes) lane.cutOff(at);
    // Not now: the ring may be in the midst of a choice.
    this.#parts.clock.schedule(0, () => this.#parts.listener.onChange());
    this.#options.onFailure(explanation);
  }
}

/** Why the limits file cannot be used, in a few words; undefined for a bug of ours. */
export function explainLimitsFailure(error: unknown): string | undefined {
  if (error instanceof ForeignLimitsError) return error.message;
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return "it is damaged (what is written in it makes no sense)";
  }
  return readErrorCode(error) === undefined ? undefined : explainFailure(error);
}
