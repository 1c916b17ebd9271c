import { copyFileSync, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../storage/open-database.ts";
import { makePrivateFolder, syncFolder } from "../storage/private-folder.ts";
import { damagedError, isDamage } from "../storage/storage-error.ts";
import { createDatabase } from "./create-database.ts";
import { salvageJournal } from "./salvage-journal.ts";

/**
 * Looks whether the file of a journal is sound. If not, all records that can still be read are taken
 * over into a new file in its place, and the damaged one is kept in a folder.
 * @param folder made only when it is needed
 * @returns what was done, for people; undefined for a sound file
 * @throws StorageError when not even the head of the run can be read
 */
export function mendJournal(path: string, folder: string): string | undefined {
  if (statSync(path).size === 0) {
    throw damagedError(path, "it is empty, which it is not even when a run begins");
  }
  if (isSound(path)) return undefined;
  const mended = `${path}.mended`;
  const kept = createDatabase(mended, (database) => salvageJournal(path, database));
  if (kept === undefined) throw damagedError(path, "not even the beginning of it can be read");
  makePrivateFolder(folder);
  for (const suffix of ["", "-wal"]) {
    if (existsSync(path + suffix)) copyFileSync(path + suffix, join(folder, `journal.db${suffix}`));
  }
  syncFolder(folder);
  // A log that lies beside the new file would be taken for its own.
  for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true });
  renameSync(mended, path);
  syncFolder(dirname(path));
  return (
    `The journal ${path} was damaged. ${kept} records of calls could be read and are kept; what is ` +
    `missing is asked again. The damaged file is in ${folder}.`
  );
}

function isSound(path: string): boolean {
  let database: DatabaseSync | undefined;
  try {
    database = openDatabase(path);
    const result = database.prepare("PRAGMA integrity_check(1)").get();
    return result?.["integrity_check"] === "ok";
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  } finally {
    database?.close();
  }
}
