import { existsSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../vocabulary/clock.ts";
import type { Fingerprints, Journal } from "../vocabulary/journal.ts";
import type { Random } from "../vocabulary/random.ts";
import { createDatabase, makeDurable } from "./create-database.ts";
import { mendJournal } from "./mend-journal.ts";
import { migrateJournal } from "./migrations.ts";
import { openDatabase } from "../storage/open-database.ts";
import { makePrivateFolder, syncFolder } from "../storage/private-folder.ts";
import { checkFingerprints, readRunHeader, writeRunHeader } from "./run-header.ts";
import { createRunId } from "./run-id.ts";
import { RunLock } from "./run-lock.ts";
import { SqliteJournal, type OnDamage } from "./sqlite-journal.ts";
import { toStorageError } from "../storage/storage-error.ts";

export interface OpenJournalOptions {
  /** The folder of this one run; made when missing. */
  readonly directory: string;
  /** What must not change while the run goes on. */
  readonly fingerprints: Fingerprints;
  /** True to set aside the run that is there, if any, and begin a new one. */
  readonly fresh: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of a journal that was found damaged, and of what becomes of it. @default nobody is */
  readonly onDamage?: OnDamage;
}

export interface OpenedJournal {
  readonly journal: Journal;
  readonly runId: string;
  /** When the run's first process began. Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** True when an earlier process began the run. */
  readonly resumed: boolean;
}

/**
 * Opens the journal of a run, or begins one:
 *
 *     <directory>/lock.db, lock.txt    who runs it now
 *     <directory>/journal.db           the record, with SQLite's -wal and -shm while it is open
 *     <directory>/replaced/<run id>/   the journal whose place that run took, or a damaged one that
 *                                      was mended when a process of that id would have begun
 *
 * @throws RunLockedError when another process has the run open.
 * @throws RunChangedError when the run there began with other fingerprints.
 * @throws StorageError
 */
export function openJournal(options: OpenJournalOptions): OpenedJournal {
  const { directory, fingerprints, fresh, clock, random, onDamage = () => {} } = options;
  const begun = { id: createRunId(clock.now(), random), startedAt: clock.now() };
  const path = join(directory, "journal.db");
  let lock: RunLock | undefined;
  let database: DatabaseSync | undefined;
  try {
    makePrivateFolder(directory);
    lock = new RunLock(directory, clock);
    const replaced = join(directory, "replaced", begun.id);
    if (fresh && existsSync(path)) setAside(path, replaced);
    const resumed = existsSync(path);
    if (resumed) {
      const mended = mendJournal(path, replaced);
      if (mended !== undefined) onDamage(mended);
    } else {
      createDatabase(path, (created) => writeRunHeader(created, begun, fingerprints));
    }
    database = openDatabase(path);
    makeDurable(database);
    migrateJournal(database, path);
    const { id, startedAt } = readRunHeader(database);
    checkFingerprints(database, fingerprints, id);
    const journal = new SqliteJournal(path, { database, lock }, onDamage);
    return { journal, runId: id, startedAt, resumed };
  } catch (cause) {
    database?.close();
    lock?.release();
    throw toStorageError(cause, path);
  }
}

/** Moves a journal to a folder of its own: its replies were paid for. */
function setAside(path: string, folder: string): void {
  foldLogIn(path);
  makePrivateFolder(folder);
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(path + suffix)) renameSync(path + suffix, join(folder, `journal.db${suffix}`));
  }
  syncFolder(folder);
  syncFolder(dirname(path));
}

/** Leaves one file, which a single rename moves: a log without its database would be lost. */
function foldLogIn(path: string): void {
  const database = openDatabase(path);
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // Damaged, or the disk is full: then all files are moved as they are.
  } finally {
    database.close();
  }
}
