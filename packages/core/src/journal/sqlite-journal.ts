import type { DatabaseSync } from "node:sqlite";
import type {
  CallId,
  CallRecord,
  CallResult,
  CallSelection,
  Journal,
  JournalTotals,
  SendRecord,
} from "../vocabulary/journal.ts";
import { CallTable, type CallPage, type DamagedCall } from "./call-table.ts";
import { GroupCommit } from "./group-commit.ts";
import type { RunLock } from "./run-lock.ts";
import { toStorageError } from "../storage/storage-error.ts";

/** Told of what was found damaged, and of what becomes of it. */
export type OnDamage = (message: string) => void;

/**
 * The journal of a run in one SQLite database. A call whose record is not as it was written is taken
 * out when it is met: it is asked again, as if nothing were known of it.
 */
export class SqliteJournal implements Journal {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #lock: RunLock;
  readonly #calls: CallTable;
  readonly #commits: GroupCommit;
  readonly #onDamage: OnDamage;
  #closing: Promise<void> | undefined;
  /** Told once, whatever more is found. */
  #hasToldDamage = false;

  /** Takes over the database and the lock, and closes both. */
  constructor(
    path: string,
    { database, lock }: { readonly database: DatabaseSync; readonly lock: RunLock },
    onDamage: OnDamage,
  ) {
    this.#path = path;
    this.#database = database;
    this.#lock = lock;
    this.#onDamage = onDamage;
    this.#calls = new CallTable(database);
    this.#commits = new GroupCommit(database, path);
  }

  recordSend(id: CallId, send: SendRecord): Promise<void> {
    return this.#commits.add(() => this.#calls.addSend(id, send));
  }

  recordRefusal(id: CallId): void {
    void this.#commits.add(() => this.#calls.addRefusal(id));
  }

  takeBackSend(id: CallId): void {
    void this.#commits.add(() => this.#calls.takeBackSend(id));
  }

  recordResult(id: CallId, result: CallResult): Promise<void> {
    return this.#commits.add(() => this.#calls.addResult(id, result));
  }

  readCalls(selection: CallSelection): AsyncIterable<CallRecord> {
    return readPages(selection, (rest) => {
      const page = this.#read(() => this.#calls.readPage(rest));
      this.#setAside(page.damaged);
      return page;
    });
  }

  async readTotals(rowSteps: readonly string[]): Promise<JournalTotals> {
    return this.#read(() => this.#calls.readTotals(rowSteps));
  }

  async forgetFailures(): Promise<void> {
    await this.#commits.add(() => this.#calls.forgetFailures());
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

  #setAside(damaged: readonly DamagedCall[]): void {
    for (const call of damaged) void this.#commits.add(() => this.#calls.setAside(call));
    const [first] = damaged;
    if (!first || this.#hasToldDamage) return;
    this.#hasToldDamage = true;
    this.#onDamage(
      `The journal ${this.#path} is damaged: the record of ${first.where}, is not as it was ` +
        "written. It is asked again, and so is each further one that is found.",
    );
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

/** Calls page by page, each read when the one before was taken. */
export async function* readPages(
  selection: CallSelection,
  readPage: (rest: CallSelection) => CallPage,
): AsyncGenerator<CallRecord> {
  let rest: CallSelection | undefined = selection;
  while (rest) {
    const page: CallPage = readPage(rest);
    for (const call of page.calls) yield call;
    rest = page.rest;
  }
}
