import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../vocabulary/clock.ts";
import { RotaError, RunChangedError, StorageError } from "../vocabulary/error.ts";
import type { Fingerprints, Journal } from "../vocabulary/journal.ts";
import type { Random } from "../vocabulary/random.ts";
import { describeChanges } from "./compare-fingerprints.ts";
import { migrate } from "./migrations.ts";
import { RunLock } from "./run-lock.ts";
import { SqliteJournal } from "./sqlite-journal.ts";

const JOURNAL_FILE = "journal.db";
const LOCK_FILE = "lock.db";
/** Where journals go that `fresh` set aside: their replies were paid for. */
const REPLACED_FOLDER = "replaced";

export interface OpenedJournal {
  readonly journal: Journal;
  readonly runId: string;
  /** True when an earlier process began this run. */
  readonly resumed: boolean;
}

/**
 * Opens the journal of the run in a folder, or begins one there.
 * @throws RunLockedError when another process has it open
 * @throws RunChangedError when it was begun with other fingerprints
 * @throws StorageError when the folder or the database cannot be used
 */
export function openJournal(options: {
  readonly directory: string;
  readonly fingerprints: Fingerprints;
  /** Sets an earlier journal aside and begins a new one. */
  readonly fresh: boolean;
  readonly clock: Clock;
  readonly random: Random;
}): OpenedJournal {
  const { directory, fingerprints, fresh, clock, random } = options;
  const file = join(directory, JOURNAL_FILE);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const lock = new RunLock(makePrivate(join(directory, LOCK_FILE)));
    try {
      if (fresh && existsSync(file)) setAside(directory, clock);
      const database = openDatabase(makePrivate(file));
      try {
        const begun = readRunId(database);
        const runId = begun ?? beginRun(database, fingerprints, clock, random);
        if (begun) refuseChanges(database, fingerprints);
        return {
          journal: new SqliteJournal(file, database, lock),
          runId,
          resumed: begun !== undefined,
        };
      } catch (error) {
        database.close();
        throw error;
      }
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (cause) {
    if (cause instanceof RotaError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StorageError(
      `The journal ${file} cannot be opened: ${reason}. ` +
        "Check the disk and the folder's permissions, or begin a new run with --fresh.",
      { cause },
    );
  }
}

/** Makes the file if it is not there, readable by its owner alone; SQLite's side files follow it. */
function makePrivate(file: string): string {
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  return file;
}

function setAside(directory: string, clock: Clock): void {
  const place = join(directory, REPLACED_FOLDER, formatTime(clock.now()));
  mkdirSync(place, { recursive: true, mode: 0o700 });
  for (const suffix of ["", "-wal", "-shm"]) {
    const name = JOURNAL_FILE + suffix;
    if (existsSync(join(directory, name))) renameSync(join(directory, name), join(place, name));
  }
}

function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  // WAL with FULL syncs the log at each commit: a commit that returned survives a loss of power.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  migrate(database);
  return database;
}

function readRunId(database: DatabaseSync): string | undefined {
  const run = database.prepare("SELECT id FROM run").get();
  return run && String(run["id"]);
}

function beginRun(
  database: DatabaseSync,
  fingerprints: Fingerprints,
  clock: Clock,
  random: Random,
): string {
  const mark = Math.floor(random() * 0x10000)
    .toString(16)
    .padStart(4, "0");
  const runId = `${formatTime(clock.now())}-${mark}`;
  database.exec("BEGIN IMMEDIATE");
  database.prepare("INSERT INTO run (id, started_at_ms) VALUES (?, ?)").run(runId, clock.now());
  const insert = database.prepare("INSERT INTO fingerprint (name, hash) VALUES (?, ?)");
  for (const [name, hash] of Object.entries(fingerprints)) insert.run(name, hash);
  database.exec("COMMIT");
  return runId;
}

function refuseChanges(database: DatabaseSync, now: Fingerprints): void {
  const before = Object.fromEntries(
    database
      .prepare("SELECT name, hash FROM fingerprint")
      .all()
      .map(({ name, hash }) => [String(name), String(hash)]),
  );
  const changes = describeChanges(before, now);
  if (changes.length === 0) return;
  throw new RunChangedError(
    `This run was begun with another pipeline or input: ${changes.join(", ")}. ` +
      "Undo the change to continue it, or start over with --fresh (finished rows are paid again).",
  );
}

/** `20261123-101500`, in UTC. */
function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
}
