import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { StorageError } from "../vocabulary/error.ts";

/**
 * A file in the making. It is written beside the one it replaces, under a name of its own, and
 * takes its place whole or not at all: whoever looks sees the old file or the new one.
 *
 *     open ──commit──▶ in place
 *       └───discard──▶ gone, the old file untouched; so does a commit that fails
 */
export class FileReplacement {
  readonly #file: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;

  private constructor(file: string, temporary: string, handle: FileHandle) {
    this.#file = file;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /**
   * Makes the folder too, where there is none. Only the user may read what is made here.
   * @throws StorageError
   */
  static open(file: string): Promise<FileReplacement> {
    return nameFailures(file, async () => {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const name = `.${basename(file)}.${randomBytes(6).toString("hex")}.tmp`;
      const temporary = join(dirname(file), name);
      return new FileReplacement(file, temporary, await open(temporary, "wx", 0o600));
    });
  }

  /** @throws StorageError */
  write(text: string): Promise<void> {
    // A single write may take less than it was given, without an error; this one goes on.
    return nameFailures(this.#file, () => this.#handle.appendFile(text));
  }

  /**
   * Puts the new file in place, durably.
   * @throws StorageError
   */
  async commit(): Promise<void> {
    try {
      await nameFailures(this.#file, async () => {
        await this.#handle.sync();
        await this.#handle.close();
        await rename(this.#temporary, this.#file);
        await syncFolder(dirname(this.#file));
      });
    } catch (error) {
      await this.discard();
      throw error;
    }
  }

  /** Leaves the old file as it was. Does nothing when it is called again. */
  async discard(): Promise<void> {
    await nameFailures(this.#file, async () => {
      await this.#handle.close();
      await rm(this.#temporary, { force: true });
    });
  }
}

/** Without it, a power loss may bring back the old name. */
async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and keeps names in order itself.
  if (process.platform === "win32") return;
  await using handle = await open(folder);
  await handle.sync();
}

async function nameFailures<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StorageError(`${file} could not be written: ${reason}`, { cause: error });
  }
}
