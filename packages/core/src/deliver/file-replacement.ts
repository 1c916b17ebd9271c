import { open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "../storage/private-folder.ts";
import { clearPlace, refuseLinks, toOutputError, type OutputPlace } from "./output-place.ts";

/**
 * A file in the making. It is written beside the one it replaces, under a name of its own, and
 * takes its place whole or not at all: whoever looks sees the old file or the new one.
 *
 *     open ───commit───▶ in place
 *       └────discard───▶ gone, the old file untouched; any failure leads there too
 */
export class FileReplacement {
  readonly #place: OutputPlace;
  readonly #handle: FileHandle;

  private constructor(place: OutputPlace, handle: FileHandle) {
    this.#place = place;
    this.#handle = handle;
  }

  /**
   * Makes the folder too, where there is none. Only the user may read what is made here.
   * @throws StorageError
   */
  static async open(place: OutputPlace): Promise<FileReplacement> {
    try {
      await clearPlace(place);
      return new FileReplacement(place, await open(place.temporary, "wx", 0o600));
    } catch (error) {
      throw toOutputError(place, error);
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
      const { realFile, temporary } = this.#place;
      await refuseLinks(realFile);
      await rename(temporary, realFile);
      // Without it, a power loss may bring back the old name.
      syncFolder(dirname(realFile));
    });
  }

  /** Leaves the old file as it was. Does nothing the second time, or after a failure. */
  async discard(): Promise<void> {
    try {
      await this.#handle.close();
    } finally {
      await rm(this.#place.temporary, { force: true });
    }
  }

  async #orDiscard(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      // What failed first is what the user must hear of.
      await this.discard().catch(() => {});
      throw toOutputError(this.#place, error);
    }
  }
}
