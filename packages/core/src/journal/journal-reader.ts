import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { RunChangedError, StorageError } from "../vocabulary/error.ts";
import type {
  CallRecord,
  CallSelection,
  JournalReader,
  JournalTotals,
} from "../vocabulary/journal.ts";
import { CallTable } from "./call-table.ts";
import { readRunHeader } from "./run-header.ts";
import { readPages } from "./sqlite-journal.ts";
import { toStorageError } from "../storage/storage-error.ts";

/**
 * Opens a run's journal for a look, also while another process writes it. Nothing is changed.
 * @param directory the folder of this one run
 * @param runId the run that it must be of. @default whichever is there
 * @throws RunChangedError when another run has taken its place
 * @throws StorageError when there is none, or it cannot be read
 */
export function openJournalReader(directory: string, runId?: string): JournalReader {
  const path = join(directory, "journal.db");
  if (!existsSync(path)) throw new StorageError(`There is no journal in ${directory}.`);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const found = readRunHeader(database)?.id;
    if (runId !== undefined && found !== runId) throw describeReplaced(runId, found);
    return new SqliteJournalReader(path, database);
  } catch (cause) {
    database?.close();
    throw toStorageError(cause, path);
  }
}

function describeReplaced(runId: string, found: string | undefined): RunChangedError {
  const facts = `The results of run ${runId} are no longer there: run ${found} took its place.`;
  return new RunChangedError(facts, { remedy: "Read those of the run that is there now." });
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
