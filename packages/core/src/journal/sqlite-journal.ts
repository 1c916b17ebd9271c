import type { DatabaseSync } from "node:sqlite";
import type {
  CallId,
  CallRecord,
  CallResult,
  Journal,
  JournalTotals,
} from "../vocabulary/journal.ts";
import { CallTable } from "./call-table.ts";
import { GroupCommit } from "./group-commit.ts";
import type { RunLock } from "./run-lock.ts";
import { toStorageError } from "../storage/storage-error.ts";

/** The journal of a run in one SQLite database. Reads see all that was recorded before them. */
export class SqliteJournal implements Journal {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #lock: RunLock;
  readonly #calls: CallTable;
  readonly #commits: GroupCommit;
  #closing: Promise<void> | undefined;

  /** Takes over the database and the lock, and closes both. */
  constructor(path: string, database: DatabaseSync, lock: RunLock) {
    this.#path = path;
    this.#database = database;
    this.#lock = lock;
    this.#calls = new CallTable(database);
    this.#commits = new GroupCommit(database, path);
  }

  recordSend(id: CallId, key: string, worstCaseUsd = 0): Promise<void> {
    return this.#commits.add(() => this.#calls.addSend(id, key, worstCaseUsd));
  }

  recordRefusal(id: CallId): void {
    void this.#commits.add(() => this.#calls.addRefusal(id));
  }

  recordResult(id: CallId, result: CallResult): Promise<void> {
    return this.#commits.add(() => this.#calls.addResult(id, result));
  }

  readRowCalls(from: number, to: number): readonly CallRecord[] {
    return this.#read(() => this.#calls.readRowCalls(from, to));
  }

  readRunCalls(): readonly CallRecord[] {
    return this.#read(() => this.#calls.readRunCalls());
  }

  readTotals(stepsPerRow: number): JournalTotals {
    return this.#read(() => this.#calls.readTotals(stepsPerRow));
  }

  forgetFailures(): void {
    void this.#commits.add(() => this.#calls.forgetFailures());
    this.#commits.flush();
  }

  /** @throws StorageError when not all that was recorded is durable; the lock is released all the same. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      this.#commits.end();
    } finally {
      // As the last connection to the database it checkpoints and removes the write-ahead log.
      this.#database.close();
      this.#lock.release();
    }
  }

  #read<Result>(read: () => Result): Result {
    this.#commits.flush();
    try {
      return read();
    } catch (cause) {
      throw toStorageError(cause, this.#path);
    }
  }
}
