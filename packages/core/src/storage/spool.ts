import { DatabaseSync, type StatementSync } from "node:sqlite";
import { StorageError } from "../vocabulary/error.ts";

/** Kept in memory at most, of what is set aside. KiB. */
const CACHE_KIB = 4096;

/**
 * Texts set aside on disk by number, to be taken back in order: what stands together in no order
 * that one pass could use, and would not fit into memory. A temporary database of SQLite, which has
 * no name in the file system and is gone with the process, however that ends.
 */
export class Spool {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #remove: StatementSync;

  /** @throws StorageError */
  constructor() {
    this.#database = orStorageError(() => new DatabaseSync(""));
    this.#database.exec(`
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -${CACHE_KIB};
      CREATE TABLE text (
        heap INTEGER NOT NULL, place INTEGER NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (heap, place)
      ) STRICT, WITHOUT ROWID;
      BEGIN;`);
    this.#insert = this.#database.prepare("INSERT INTO text VALUES (?, ?, ?)");
    this.#select = this.#database.prepare("SELECT text FROM text WHERE heap = ? ORDER BY place");
    this.#remove = this.#database.prepare("DELETE FROM text WHERE heap = ?");
  }

  /**
   * @param heap the number of those that are taken back together
   * @param place where among them it stands
   * @throws StorageError
   */
  add(heap: number, place: number, text: string): void {
    orStorageError(() => this.#insert.run(heap, place, text));
  }

  /**
   * Takes a heap back, in the order of its places; then it is gone.
   * @throws StorageError
   */
  take(heap: number): string[] {
    return orStorageError(() => {
      const texts = this.#select.all(heap).map(({ text }) => String(text));
      this.#remove.run(heap);
      return texts;
    });
  }

  close(): void {
    this.#database.close();
  }
}

function orStorageError<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StorageError(
      `The folder for temporary files cannot be used: ${reason}. ` +
        "Make room there, or name another in TMPDIR, then type the same command again.",
      { cause },
    );
  }
}
