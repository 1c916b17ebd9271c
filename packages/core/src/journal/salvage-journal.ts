import { statSync } from "node:fs";
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { openDatabase } from "../storage/open-database.ts";
import { sumUpCall, sumUpPlace } from "./checksums.ts";
import { isDamage } from "../storage/storage-error.ts";

/** Records that are looked for at once. Where they cannot be read, they are looked for in halves. */
const RECORDS_AT_ONCE = 256;

/** Bytes. No record of a call or result takes less. */
const SMALLEST_RECORD = 20;

type Row = Record<string, SQLOutputValue>;

/**
 * Takes over what can still be read of a damaged journal. Whether a record is as it was written is
 * for its checksum to say, when it is read from the new one.
 * @param target an empty journal
 * @returns how many calls were taken over; undefined when the head of the run cannot be read
 */
export function salvageJournal(path: string, target: DatabaseSync): number | undefined {
  let source: DatabaseSync | undefined;
  try {
    source = openDatabase(path);
    const names = "SELECT name FROM migration ORDER BY name";
    // One of another version cannot be migrated while it is damaged.
    if (!isEqual(source.prepare(names).all(), target.prepare(names).all())) return undefined;
    target.exec("BEGIN IMMEDIATE");
    for (const table of ["run", "fingerprint"]) {
      const write = prepareCopy(target, table);
      for (const row of source.prepare(`SELECT * FROM ${table}`).all()) write(row);
    }
    copyRecords(source, target, { table: "result", path }, () => true);
    const calls = copyRecords(source, target, { table: "call", path }, isInItsPlace);
    target.exec("COMMIT");
    return calls;
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  } finally {
    source?.close();
  }
}

function copyRecords(
  source: DatabaseSync,
  target: DatabaseSync,
  { table, path }: { readonly table: "call" | "result"; readonly path: string },
  isWanted: (row: Row) => boolean,
): number {
  const read = source.prepare(`SELECT * FROM ${table} WHERE id BETWEEN ? AND ?`);
  const write = prepareCopy(target, table);
  const last = findLast(source, table) ?? Math.ceil(statSync(path).size / SMALLEST_RECORD);
  let copied = 0;
  for (let from = 1; from <= last; from += RECORDS_AT_ONCE) {
    for (const row of readAround(read, from, from + RECORDS_AT_ONCE - 1)) {
      if (isWanted(row) && write(row)) copied += 1;
    }
  }
  return copied;
}

/** A call in a place that is not its own would be counted there, and never be read. */
function isInItsPlace({ per, subject, step, content, checksum }: Row): boolean {
  return sumUpCall(sumUpPlace(per, subject, step), content) === checksum;
}

/** The records of a range, without those that cannot be read. */
function* readAround(read: StatementSync, from: number, to: number): Generator<Row> {
  let rows: Row[] | undefined;
  try {
    rows = read.all(from, to);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  if (rows) yield* rows;
  else if (from < to) {
    const middle = Math.floor((from + to) / 2);
    yield* readAround(read, from, middle);
    yield* readAround(read, middle + 1, to);
  }
}

function findLast(source: DatabaseSync, table: string): number | undefined {
  try {
    return Number(source.prepare(`SELECT max(id) AS last FROM ${table}`).get()?.["last"]);
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

/** @returns what writes a row, and says whether the table took it */
function prepareCopy(target: DatabaseSync, table: string): (row: Row) => boolean {
  const names = target
    .prepare("SELECT name FROM pragma_table_info(?)")
    .all(table)
    .map(({ name }) => String(name));
  const places = names.map(() => "?").join(", ");
  const insert = target.prepare(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${places})`);
  return (row) => {
    try {
      insert.run(...names.map((name) => row[name] ?? null));
      return true;
    } catch {
      // What stands twice, or holds what its table cannot, is damaged.
      return false;
    }
  };
}

function isEqual(some: readonly Row[], others: readonly Row[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}
