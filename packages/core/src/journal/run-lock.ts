import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../vocabulary/clock.ts";
import { RunLockedError } from "../vocabulary/error.ts";
import { openDatabase } from "../storage/open-database.ts";
import { readErrorCode } from "../storage/storage-error.ts";

const SQLITE_BUSY = 5;

/**
 * Keeps a second process off a run: a write transaction on an empty database, held until release.
 * The operating system ends it with the process, however that dies, so no lock is ever stale.
 * Beside it lies a note on who holds it, for the other's message.
 */
export class RunLock {
  readonly #database: DatabaseSync;
  readonly #noteFile: string;

  /** @throws RunLockedError when another process, or another journal in this one, holds it. */
  constructor(directory: string, clock: Clock) {
    this.#database = openDatabase(join(directory, "lock.db"));
    this.#noteFile = join(directory, "lock.txt");
    try {
      // IMMEDIATE, not EXCLUSIVE: of two that begin at the same moment, exactly one succeeds.
      // Nothing is ever written, so a rollback journal on the disk would be of no use.
      this.#database.exec("PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE");
      const since = new Date(clock.now()).toISOString();
      writeFileSync(this.#noteFile, `process ${process.pid}, since ${since}`, { mode: 0o600 });
    } catch (cause) {
      this.#database.close();
      if (readErrorCode(cause) !== SQLITE_BUSY) throw cause;
      throw new RunLockedError(
        `Another process has this run open (${this.#readNote()}). ` +
          "Wait until it has ended, or stop it, then type the same command again.",
        { cause },
      );
    }
  }

  release(): void {
    rmSync(this.#noteFile, { force: true });
    this.#database.close();
  }

  #readNote(): string {
    try {
      return readFileSync(this.#noteFile, "utf8");
    } catch {
      return "it began a moment ago";
    }
  }
}
