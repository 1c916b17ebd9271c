import { realpathSync } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/**
 * Where a name stands when every link on the way to it is followed, and not the name itself.
 * Folders that are not there yet are taken as they are named: they are going to be made.
 * @throws what the file system says of a way that leads nowhere, such as through a broken link
 */
export async function findRealPath(file: string): Promise<string> {
  const path = resolve(file);
  const folder = dirname(path);
  if (folder === path) return path;
  return join(await findRealFolder(folder), basename(path));
}

async function findRealFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    const parent = dirname(folder);
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isMissing || parent === folder || (await isThere(folder))) throw error;
    return join(await findRealFolder(parent), basename(folder));
  }
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Where a file stands when every link is followed; as it is named, should it be gone. */
export function followLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file);
  }
}

/** Both without links. */
export function liesIn(file: string, folder: string): boolean {
  const way = relative(folder, file);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
