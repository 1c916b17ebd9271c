import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StorageError } from "../vocabulary/error.ts";
import type {
  CallRecord,
  CallSelection,
  JournalReader,
  JournalTotals,
} from "../vocabulary/journal.ts";
import { CallTable } from "./call-table.ts";
import { readPages } from "./sqlite-journal.ts";
import { toStorageError } from "../storage/storage-error.ts";

/**
 * Opens a run's journal for a look, also while another process writes it. Nothing is changed.
 * @param directory the folder of this one run
 * @throws StorageError when there is none, or it cannot be read
 */
export function openJournalReader(directory: string): JournalReader {
  const path = join(directory, "journal.db");
  if (!existsSync(path)) throw new StorageError(`There is no journal in ${directory}.`);
  try {
    return new SqliteJournalReader(path, new DatabaseSync(path, { readOnly: true }));
  } catch (cause) {
    throw toStorageError(cause, path);
  }
}

class SqliteJournalReader implements JournalReader {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #calls: CallTable;

  constructor(path: string, database: DatabaseSync) {
    this.#path = path;
    this.#database = database;
    this.#calls = new CallTable(database);
  }

  readCalls(selection: CallSelection): AsyncIterable<CallRecord> {
    return readPages(selection, (rest) => {
      const page = this.#read(() => this.#calls.readPage(rest));
      const [first] = page.damaged;
      if (!first) return page;
      throw new StorageError(
        `The journal ${this.#path} is damaged: the record of ${first.where}, is not as it was ` +
          "written. Run the same again: it is asked anew, and all others are kept.",
      );
    });
  }

  async readTotals(rowSteps: readonly string[]): Promise<JournalTotals> {
    return this.#read(() => this.#calls.readTotals(rowSteps));
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  #read<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (cause) {
      throw toStorageError(cause, this.#path);
    }
  }
}
