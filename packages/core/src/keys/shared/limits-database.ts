import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Database, openDatabase, type Statement } from "../../storage/open-database.ts";
import { makePrivateFolder } from "../../storage/private-folder.ts";
import { readErrorCode } from "../../storage/storage-error.ts";

/** Raised when the tables, or what lies in them, change: processes of unlike versions count apart. */
const VERSION = 2;

const SCHEMA = `
  CREATE TABLE salt (value BLOB NOT NULL) STRICT;
  CREATE TABLE members (
    id INTEGER PRIMARY KEY AUTOINCREMENT, pid INTEGER NOT NULL, seen_at REAL NOT NULL
  ) STRICT;
  CREATE TABLE lanes (id TEXT PRIMARY KEY, holder INTEGER, state TEXT) STRICT, WITHOUT ROWID;
  CREATE TABLE places (
    lane TEXT NOT NULL, member INTEGER NOT NULL,
    in_flight INTEGER NOT NULL, served_ms REAL NOT NULL, wants_until REAL NOT NULL,
    PRIMARY KEY (lane, member)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE findings (
    id INTEGER PRIMARY KEY AUTOINCREMENT, member INTEGER NOT NULL,
    key TEXT NOT NULL, finding TEXT NOT NULL, found_at REAL NOT NULL
  ) STRICT;
`;

const DROP = ["salt", "members", "lanes", "places", "findings"]
  .map((table) => `DROP TABLE IF EXISTS ${table};`)
  .join(" ");

/** A transaction takes well under a millisecond: who holds one for so long is stopped or worse. */
const BUSY_TIMEOUT_MS = 1_000;
const SQLITE_BUSY = 5;
/** Of processes that begin at the same moment, each is refused at most once by every other. */
const MAX_OPENERS = 50;

/** The limits file is of another make: a newer version's, or no limits file at all. */
export class ForeignLimitsError extends Error {}

/** The file in which processes share limits. What is in it is worth nothing when they have ended. */
export class LimitsDatabase {
  readonly salt: Uint8Array;
  readonly #database: Database;
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #dataVersion: Statement;
  #seenVersion: unknown;

  /** @throws whatever the file system or SQLite says */
  constructor(directory: string) {
    // A folder that is there may be the user's own choice: its mode stays what it is.
    if (!existsSync(directory)) makePrivateFolder(directory);
    this.#database = openDatabase(join(directory, "limits.db"));
    try {
      this.#database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
      useLog(this.#database);
      // After a power loss nobody is there to whom the counts would matter.
      this.#database.exec("PRAGMA synchronous = OFF");
      this.#begin = this.#database.prepare("BEGIN IMMEDIATE");
      this.#commit = this.#database.prepare("COMMIT");
      this.#dataVersion = this.#database.prepare("PRAGMA data_version");
      this.salt = this.transact(() => this.#migrate());
      this.hasChanged();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  prepare(sql: string): Statement {
    return this.#database.prepare(sql);
  }

  /** All of it or nothing, and nobody else's in between. */
  transact<T>(work: () => T): T {
    this.#begin.run();
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Whether others have written since this was last asked. Takes some microseconds, and no lock. */
  hasChanged(): boolean {
    const version = this.#dataVersion.get()?.["data_version"];
    const hasChanged = version !== this.#seenVersion;
    this.#seenVersion = version;
    return hasChanged;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #migrate(): Uint8Array {
    const version = this.#database.prepare("PRAGMA user_version").get()?.["user_version"];
    // What an older version left is of no use, and what an older process still counts there is less.
    if (typeof version === "number" && version < VERSION) {
      this.#database.exec(`${DROP} ${SCHEMA} PRAGMA user_version = ${VERSION}`);
      this.#database.prepare("INSERT INTO salt VALUES (?)").run(randomBytes(32));
    } else if (version !== VERSION) {
      throw new ForeignLimitsError(`it was made by another version of Rota`);
    }
    const salt = this.#database.prepare("SELECT value FROM salt").get()?.["value"];
    if (!(salt instanceof Uint8Array)) throw new ForeignLimitsError("it is damaged (no salt)");
    return salt;
  }
}

/**
 * Readers and a writer do not wait for each other with a write-ahead log. While one process turns
 * it on, others are refused at once, without the busy timeout: they wait for its end by an empty
 * transaction, which honours it.
 */
function useLog(database: Database): void {
  for (let attempt = 1; ; attempt++) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (readErrorCode(error) !== SQLITE_BUSY || attempt === MAX_OPENERS) throw error;
      database.exec("BEGIN IMMEDIATE; COMMIT");
    }
  }
}
