import { existsSync } from "node:fs";
import { join } from "node:path";

const DEFAULT_KEY_FILE = "rota.keys.yml";

/** The path of the folder's key file, or undefined when it has none. */
export function findKeyFile(directory: string): string | undefined {
  const file = join(directory, DEFAULT_KEY_FILE);
  return existsSync(file) ? file : undefined;
}
