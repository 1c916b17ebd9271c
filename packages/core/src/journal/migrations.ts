import type { DatabaseSync } from "node:sqlite";

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** Append only: a journal on disk has had a beginning of this list applied, in this order. */
const MIGRATIONS: readonly Migration[] = [
  {
    name: "0001-calls",
    // A call's row is made at its first send and completed by its result, so that a row of the input
    // costs two writes to one page near the right edge of one tree. The run itself has ordinal -1.
    sql: `
      CREATE TABLE run (
        id TEXT PRIMARY KEY,
        started_at_ms REAL NOT NULL
      ) STRICT;
      CREATE TABLE fingerprint (
        name TEXT PRIMARY KEY,
        hash TEXT NOT NULL
      ) STRICT;
      CREATE TABLE step (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
      ) STRICT;
      CREATE TABLE call (
        ordinal INTEGER NOT NULL,
        step INTEGER NOT NULL REFERENCES step,
        attempts INTEGER NOT NULL,
        unanswered INTEGER NOT NULL,
        key TEXT,
        status TEXT,
        text TEXT,
        error_code TEXT,
        error_message TEXT,
        reason TEXT,
        finish_reason TEXT,
        input_tokens INTEGER,
        cached_input_tokens INTEGER,
        output_tokens INTEGER,
        cost_usd REAL,
        latency_ms REAL,
        PRIMARY KEY (ordinal, step)
      ) STRICT, WITHOUT ROWID;
    `,
  },
];

/**
 * Brings a journal's tables up to date.
 * @throws Error when the journal has a migration that is not known here: a newer version made it.
 */
export function migrate(database: DatabaseSync): void {
  database.exec("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY) STRICT");
  const rows = database.prepare("SELECT name FROM migration ORDER BY name").all();
  const applied = new Set(rows.map(({ name }) => String(name)));
  for (const name of applied) {
    if (!MIGRATIONS.some((migration) => migration.name === name)) {
      throw new Error(`it was made by a newer version of Rota (${name})`);
    }
  }
  for (const { name, sql } of MIGRATIONS) {
    if (applied.has(name)) continue;
    database.exec("BEGIN IMMEDIATE");
    database.exec(sql);
    database.prepare("INSERT INTO migration (name) VALUES (?)").run(name);
    database.exec("COMMIT");
  }
}
