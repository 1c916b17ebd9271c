import { realpath, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { StorageError } from "../vocabulary/error.ts";
import { fingerprint } from "../vocabulary/fingerprint.ts";
import { makeMissingFolders } from "../storage/private-folder.ts";
import { describeFailure } from "../storage/storage-error.ts";

/** Where an output is made, and where it is going to stand. */
export interface OutputPlace {
  /** As it was named; for people. */
  readonly file: string;
  /** Its path without links. */
  readonly realFile: string;
  /**
   * Beside it, where it is written before it takes its place. The name is that of one run, and only
   * who holds that run's lock touches it: what is found there was left by a process that has died,
   * whatever its number is used for now.
   */
  readonly temporary: string;
}

/** @param owner what no two that may write at the same time have in common */
export function placeOutput(
  { file, realFile }: { readonly file: string; readonly realFile: string },
  owner: string,
): OutputPlace {
  const mark = fingerprint(owner).slice(0, 12);
  const temporary = join(dirname(realFile), `.${basename(realFile)}.${mark}.tmp`);
  return { file, realFile, temporary };
}

/**
 * Makes the folder, where there is none, and sweeps what a dead process left in it. Only the user may
 * enter what is made here.
 */
export async function clearPlace({ realFile, temporary }: OutputPlace): Promise<void> {
  makeMissingFolders(dirname(realFile));
  await refuseLinks(realFile);
  await rm(temporary, { force: true });
}

/** A folder that was looked at may have become a link since, and lead anywhere. */
export async function refuseLinks(realFile: string): Promise<void> {
  const folder = dirname(realFile);
  const now = await realpath(folder);
  if (now !== folder) throw new Error(`a link was put in its way, to ${now}`);
}

/** What to say of a failure to write an output. */
export function toOutputError({ file }: Pick<OutputPlace, "file">, cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  const { what, remedy } = describeFailure(cause, OTHERWISE);
  return new StorageError(`${file} cannot be written: ${what}. ${remedy}`, { cause });
}

const OTHERWISE =
  "Mend that or name another path, then type the same command again: what was recorded is kept.";
