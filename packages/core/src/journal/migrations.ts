import type { DatabaseSync } from "node:sqlite";
import { StorageError } from "../vocabulary/error.ts";
import { RESULT_COLUMNS } from "./call-columns.ts";
import { COUNT_UNIT, sumUpCall, sumUpPlace, sumUpResult } from "./checksums.ts";

interface Migration {
  readonly name: string;
  readonly sql: string;
  /** What SQL cannot do. */
  readonly complete?: (database: DatabaseSync) => void;
}

/**
 * Append only: what a journal on some disk has gone through is never edited or reordered.
 *
 * A call has one row, found by subject and step. Results are only ever added, and a call points at
 * the one that counts: what was forgotten or replaced stays, with its text and cost, because it was
 * paid for. Both tables grow at their right edge only.
 */
const MIGRATIONS: readonly Migration[] = [
  {
    name: "create-run-calls-results",
    sql: `
      CREATE TABLE run (
        id TEXT NOT NULL,
        started_at REAL NOT NULL
      ) STRICT;

      CREATE TABLE fingerprint (
        name TEXT PRIMARY KEY,
        hash TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE call (
        id INTEGER PRIMARY KEY,
        ordinal INTEGER NOT NULL,
        step TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        unanswered INTEGER NOT NULL,
        sent_on TEXT,
        result INTEGER REFERENCES result,
        UNIQUE (ordinal, step)
      ) STRICT;

      CREATE TABLE result (
        id INTEGER PRIMARY KEY,
        status TEXT NOT NULL,
        error_code TEXT,
        error_message TEXT,
        reason TEXT,
        finish_reason TEXT,
        input_tokens INTEGER,
        cached_input_tokens INTEGER,
        output_tokens INTEGER,
        cost_usd REAL,
        latency_ms REAL,
        key TEXT,
        text TEXT
      ) STRICT;
    `,
  },
  {
    // The most that sends can cost whose cost is not known: the last one's, and all before it.
    name: "bound-unknown-costs",
    sql: `
      ALTER TABLE call ADD COLUMN at_stake_usd REAL NOT NULL DEFAULT 0;
      ALTER TABLE call ADD COLUMN unknown_usd REAL NOT NULL DEFAULT 0;
    `,
  },
  {
    // Calls are about rows, groups or the run; a result counts for the request that it answers. The
    // names of steps over the run held a hash of the step before: those calls stay as history.
    name: "know-calls-by-subject-and-request",
    sql: `
      ALTER TABLE result ADD COLUMN cache_write_tokens INTEGER;
      ALTER TABLE result ADD COLUMN request TEXT;
      ALTER TABLE call RENAME TO call_by_ordinal;
      CREATE TABLE call (
        id INTEGER PRIMARY KEY,
        per TEXT NOT NULL,
        subject ANY NOT NULL,
        content TEXT,
        step TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        unanswered INTEGER NOT NULL,
        sent_on TEXT,
        result INTEGER REFERENCES result,
        at_stake_usd REAL NOT NULL DEFAULT 0,
        unknown_usd REAL NOT NULL DEFAULT 0,
        UNIQUE (per, subject, step)
      ) STRICT;
      INSERT INTO call
      SELECT id, iif(ordinal < 0, 'run', 'row'), max(ordinal, 0), NULL, step, attempts, unanswered,
        sent_on, result, at_stake_usd, unknown_usd
      FROM call_by_ordinal;
      DROP TABLE call_by_ordinal;
      UPDATE result SET error_code = 'never-answered' WHERE error_code = 'attempts-exhausted';
    `,
  },
  {
    // A record that is damaged is found out, and no other. Results that no call points at any more are
    // only counted: their checksums are not looked at.
    name: "sum-up-records",
    sql: `
      ALTER TABLE result ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE call RENAME TO call_by_word;
      CREATE TABLE call (
        id INTEGER PRIMARY KEY,
        per INTEGER NOT NULL,
        subject ANY NOT NULL,
        step TEXT NOT NULL,
        content TEXT,
        checksum INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        unanswered INTEGER NOT NULL,
        sent_on TEXT,
        result INTEGER REFERENCES result,
        at_stake_usd REAL NOT NULL DEFAULT 0,
        unknown_usd REAL NOT NULL DEFAULT 0,
        UNIQUE (per, subject, step)
      ) STRICT;
      INSERT INTO call
      SELECT id, CASE per WHEN 'row' THEN 0 WHEN 'group' THEN 1 ELSE 2 END,
        iif(per = 'group', subject, CAST(subject AS INTEGER)), step, content, 0, attempts * ${COUNT_UNIT}, unanswered * ${COUNT_UNIT}, sent_on, result, at_stake_usd,
        unknown_usd
      FROM call_by_word;
      DROP TABLE call_by_word;
    `,
    complete: sumUpAll,
  },
];

function sumUpAll(database: DatabaseSync): void {
  const setCall = database.prepare("UPDATE call SET checksum = ? WHERE id = ?");
  const setResult = database.prepare("UPDATE result SET checksum = ? WHERE id = ?");
  const selectResult = database.prepare(
    `SELECT ${RESULT_COLUMNS.join(", ")} FROM result WHERE id = ?`,
  );
  const calls = database.prepare("SELECT id, per, subject, step, content, result FROM call");
  for (const { id = 0, per, subject, step, content, result } of calls.iterate()) {
    const place = sumUpPlace(per, subject, step);
    setCall.run(sumUpCall(place, content), id);
    if (result === null || result === undefined) continue;
    const columns = Object.values(selectResult.get(result) ?? {});
    setResult.run(sumUpResult(place, columns), result);
  }
}

/**
 * Brings a journal of any age, or an empty database, to the newest schema.
 * @throws StorageError when a newer version made the journal.
 */
export function migrateJournal(database: DatabaseSync, path: string): void {
  database.exec("BEGIN IMMEDIATE");
  database.exec("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY) STRICT");
  const applied = new Set(
    database
      .prepare("SELECT name FROM migration")
      .all()
      .map(({ name }) => name),
  );
  for (const { name, sql, complete } of MIGRATIONS) {
    if (applied.delete(name)) continue;
    database.exec(sql);
    complete?.(database);
    database.prepare("INSERT INTO migration (name) VALUES (?)").run(name);
  }
  if (applied.size > 0) {
    throw new StorageError(
      `The journal ${path} was made by a newer version of Rota (${[...applied].join(", ")}). ` +
        "Update Rota to continue the run, or begin anew with the option `fresh`, which sets it aside.",
    );
  }
  database.exec("COMMIT");
}
