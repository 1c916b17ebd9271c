import { DatabaseSync } from "node:sqlite";
import { RunLockedError } from "../vocabulary/error.ts";

/**
 * Keeps a second process off a run. The lock is an exclusive transaction on a database of its own,
 * which the operating system releases when the process ends, however it ends.
 */
export class RunLock {
  readonly #database: DatabaseSync;

  /** @throws RunLockedError when another process holds it */
  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    try {
      this.#database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    } catch (cause) {
      this.#database.close();
      if (!isBusy(cause)) throw cause;
      throw new RunLockedError(
        `Another process is running this pipeline over these rows (it holds ${file}). ` +
          "Wait until it ends, or stop it and type the same command again.",
        { cause },
      );
    }
  }

  release(): void {
    this.#database.close();
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}
