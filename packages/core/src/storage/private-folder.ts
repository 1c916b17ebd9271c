import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder that only its owner can enter, and those above it that are missing. A folder that
 * exists is closed to others too: one that came back from a cache or an archive may stand open.
 */
export function makePrivateFolder(path: string): void {
  makeMissingFolders(path);
  chmodSync(path, 0o700);
}

/** Makes a folder, and those above it, where they are missing; what is there stays as it is. */
export function makeMissingFolders(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  makeMissingFolders(parent);
  try {
    // One by one: of several at once Node says ENOENT, whatever it was that the disk refused.
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process was faster, or a broken link stands there.
    if (!existsSync(path)) throw error;
  }
  syncFolder(parent);
}

/**
 * Makes the names in a folder durable. Without it a new folder, and all that was synced into it,
 * can be gone after a power loss.
 */
export function syncFolder(path: string, platform = process.platform): void {
  // Windows cannot open a folder, and its file systems write names through.
  if (platform === "win32") return;
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
