import { z } from "zod";
import { readErrorCode } from "../../storage/storage-error.ts";
import type { Statement } from "../../storage/open-database.ts";
import type { KeyFinding } from "../limits/limit-store.ts";
import type { LimitsDatabase } from "./limits-database.ts";

/** One that was not heard of for so long is looked for among the processes. */
const MISSING_AFTER_MS = 1_500;
/** One that was not heard of for so long has ended, or does not send either. If it wakes, it joins anew. */
const LOST_AFTER_MS = 4_000;
/** Everyone who was there when something was found out has read of it long before. */
const FINDING_MS = 60_000;

const memberRow = z.object({ id: z.number(), pid: z.number(), seen_at: z.number() });
const findingRow = z.object({ id: z.number(), key: z.string(), finding: z.string() });
const findingSchema: z.ZodType<KeyFinding> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("revoked"), reason: z.string() }),
  z.object({ kind: z.literal("suspended"), reason: z.string() }),
  z.object({ kind: z.literal("model-barred"), model: z.string(), reason: z.string() }),
  z.object({ kind: z.literal("recovered") }),
]);

/**
 * The processes that use limits now, and what they tell each other about keys.
 *
 *     seen ──silent for a moment──▶ missing ──its process is gone, or silent for longer──▶ lost
 *      ▲                                                                                    │
 *      └───────────────────────── it was only stopped, and comes back ──────────────────────┘
 *
 * Findings are for those who are there when they are made. Nothing is kept for those who come
 * later, so that a key that was put in order is looked at by the next run.
 */
export class MemberTable {
  readonly #database: LimitsDatabase;
  readonly #see: Statement;
  readonly #readUnseen: Statement;
  readonly #readFindings: Statement;
  readonly #addFinding: Statement;
  #readUpTo = 0;

  constructor(database: LimitsDatabase) {
    this.#database = database;
    this.#see = database.prepare("UPDATE members SET seen_at = ? WHERE id = ?");
    this.#readUnseen = database.prepare(
      "SELECT id, pid, seen_at FROM members WHERE id <> ? AND abs(seen_at - ?) > ?",
    );
    this.#readFindings = database.prepare(
      "SELECT id, key, finding FROM findings WHERE id > ? AND member <> ? ORDER BY id",
    );
    this.#addFinding = database.prepare(
      "INSERT INTO findings (member, key, finding, found_at) VALUES (?, ?, ?, ?)",
    );
  }

  /** @returns the new member */
  join(at: number): number {
    const { id } = z
      .object({ id: z.number() })
      .parse(
        this.#database
          .prepare("INSERT INTO members (pid, seen_at) VALUES (?, ?) RETURNING id")
          .get(process.pid, at),
      );
    this.#run("DELETE FROM findings WHERE abs(found_at - ?) > ?", at, FINDING_MS);
    const last = this.#database.prepare("SELECT coalesce(max(id), 0) AS id FROM findings").get();
    this.#readUpTo = z.object({ id: z.number() }).parse(last).id;
    return id;
  }

  leave(member: number): void {
    this.#run("DELETE FROM places WHERE member = ?", member);
    this.#run("DELETE FROM members WHERE id = ?", member);
  }

  /**
   * Says that the member is there, and removes who is not.
   * @returns whether others had given it up, and whether somebody was removed
   */
  see(member: number, at: number): { readonly wasLost: boolean; readonly removedOthers: boolean } {
    const wasLost = this.#see.run(at, member).changes === 0;
    if (wasLost) {
      this.#run("INSERT INTO members (id, pid, seen_at) VALUES (?, ?, ?)", member, process.pid, at);
    }
    let removedOthers = false;
    for (const row of this.#readUnseen.all(member, at, MISSING_AFTER_MS)) {
      const { id, pid, seen_at: seenAt } = memberRow.parse(row);
      if (Math.abs(at - seenAt) < LOST_AFTER_MS && isRunning(pid)) continue;
      this.leave(id);
      removedOthers = true;
    }
    if (removedOthers) this.#run("DELETE FROM lanes WHERE id NOT IN (SELECT lane FROM places)");
    return { wasLost, removedOthers };
  }

  addFinding(member: number, key: string, finding: KeyFinding, at: number): void {
    this.#addFinding.run(member, key, JSON.stringify(finding), at);
  }

  /** What others found out since this was last asked. */
  readFindings(member: number): { readonly key: string; readonly finding: KeyFinding }[] {
    return this.#readFindings.all(this.#readUpTo, member).map((row) => {
      const { id, key, finding } = findingRow.parse(row);
      this.#readUpTo = id;
      return { key, finding: findingSchema.parse(JSON.parse(finding)) };
    });
  }

  #run(sql: string, ...values: number[]): void {
    this.#database.prepare(sql).run(...values);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return readErrorCode(error) !== "ESRCH";
  }
}
