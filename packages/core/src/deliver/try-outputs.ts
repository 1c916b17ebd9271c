import { open, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { StorageError } from "../vocabulary/error.ts";
import { clearPlace, toOutputError, type OutputPlace } from "./output-place.ts";

/** Bytes. A disk that is full may still have a small file's room in its tables. */
const TRIAL_SIZE = 64 * 1024;

/**
 * Writes a little to where each output is going to be made, and takes it away again: a folder that is
 * missing, read-only or full shows before anything is paid, and not when all is done.
 * @throws StorageError
 */
export async function tryOutputs(places: readonly OutputPlace[]): Promise<void> {
  const begun: OutputPlace[] = [];
  try {
    for (const place of places) await clearOrExplain(place);
    for (const place of places) {
      await writeTrial(place, begun);
      begun.push(place);
    }
  } finally {
    await Promise.all(begun.map(({ temporary }) => rm(temporary, { force: true })));
  }
}

async function clearOrExplain(place: OutputPlace): Promise<void> {
  try {
    await clearPlace(place);
  } catch (error) {
    throw toOutputError(place, error);
  }
}

/** @param others that were written, and are still there: in letters of another case it is one file */
async function writeTrial(place: OutputPlace, others: readonly OutputPlace[]): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(place.temporary, "wx", 0o600);
    await handle.appendFile(new Uint8Array(TRIAL_SIZE));
    await handle.sync();
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EEXIST";
    if (isTaken && others.length > 0) {
      throw new StorageError(
        `${place.file} is the same file as another output on this disk, which does not tell ` +
          "capital letters from small ones. Choose another path.",
        { cause: error },
      );
    }
    if (handle) await rm(place.temporary, { force: true });
    throw toOutputError(place, error);
  } finally {
    await handle?.close();
  }
}
