import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { StorageError } from "../vocabulary/error.ts";

/**
 * A file in the making. It is written beside the one it replaces, under a name of its own, and
 * takes its place whole or not at all: whoever looks sees the old file or the new one.
 *
 *     open ───commit───▶ in place
 *       └────discard───▶ gone, the old file untouched; any failure leads there too
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
  static async open(file: string): Promise<FileReplacement> {
    const folder = dirname(file);
    const name = `.${basename(file)}.${randomBytes(6).toString("hex")}.tmp`;
    const temporary = join(folder, name);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return new FileReplacement(file, temporary, await open(temporary, "wx", 0o600));
    } catch (error) {
      throw toStorageError(file, error);
    }
  }

  /** @throws StorageError */
  write(text: string): Promise<void> {
    // A single write may take less than it was given, without an error; this one goes on.
    return this.#orDiscard(() => this.#handle.appendFile(text));
  }

  /**
   * Puts the new file in place, durably.
   * @throws StorageError
   */
  commit(): Promise<void> {
    return this.#orDiscard(async () => {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#temporary, this.#file);
      await syncFolder(dirname(this.#file));
    });
  }

  /** Leaves the old file as it was. Does nothing the second time, or after a failure. */
  async discard(): Promise<void> {
    try {
      await this.#handle.close();
    } finally {
      await rm(this.#temporary, { force: true });
    }
  }

  async #orDiscard(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      // What failed first is what the user must hear of.
      await this.discard().catch(() => {});
      throw toStorageError(this.#file, error);
    }
  }
}

/** Without it, a power loss may bring back the old name. */
export async function syncFolder(folder: string, platform = process.platform): Promise<void> {
  // Windows opens no folders, and keeps names in order itself.
  if (platform === "win32") return;
  await using handle = await open(folder);
  await handle.sync();
}

function toStorageError(file: string, error: unknown): StorageError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StorageError(`${file} could not be written: ${reason}`, { cause: error });
}
