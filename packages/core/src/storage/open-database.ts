import { chmodSync, closeSync, existsSync, openSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";

/** SQLite is imported here and in the journal only. */
export type Database = DatabaseSync;
export type Statement = StatementSync;

/**
 * Opens a database file that only its owner can read; SQLite gives the files it puts beside it
 * (`-wal`, `-shm`) the same mode, whatever the umask.
 */
export function openDatabase(path: string): DatabaseSync {
  // An existing file is not opened here: closing it again would drop the locks that this process
  // holds on it through SQLite (a rule of POSIX locks).
  if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
  return new DatabaseSync(path);
}
