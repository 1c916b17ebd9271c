import { renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../storage/open-database.ts";
import { syncFolder } from "../storage/private-folder.ts";
import { migrateJournal } from "./migrations.ts";

/**
 * Makes the file of a journal. It appears whole, by a rename: one that is found empty was damaged.
 * @param fill what the journal holds from the beginning
 * @returns what `fill` returned
 */
export function createDatabase<Result>(
  path: string,
  fill: (database: DatabaseSync) => Result,
): Result {
  const unfinished = `${path}.new`;
  for (const suffix of ["", "-wal", "-shm", "-journal"]) {
    rmSync(unfinished + suffix, { force: true });
  }
  const database = openDatabase(unfinished);
  let result: Result;
  try {
    makeDurable(database);
    migrateJournal(database, unfinished);
    result = fill(database);
  } finally {
    // The log is folded in.
    database.close();
  }
  renameSync(unfinished, path);
  syncFolder(dirname(path));
  return result;
}

/** What holds for each connection to a journal that writes. */
export function makeDurable(database: DatabaseSync): void {
  // Milliseconds: somebody may be looking into the journal while it is opened.
  database.exec("PRAGMA busy_timeout = 5000");
  // Replies of some kilobytes waste half of SQLite's usual pages of 4 KiB.
  database.exec("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL");
  // FULL syncs the log at each commit; on macOS only a full sync reaches past the drive's cache.
  database.exec("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON");
}
