import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { readTextFile } from "../../document/read-text-file.ts";
import type { Environment } from "./environment.ts";

/** The words before the colon of a source. `exec` is refused, in words of its own. */
export const SECRET_SCHEMES = ["env", "file", "exec"] as const;

/** What a key file may write for a secret. */
export const SECRET_SOURCE = /^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/;

const SOURCES = 'Write "env:VARIABLE" for an environment variable, or "file:PATH" for a file';

/** What is wrong with a source, and on a second line what to do. The text is not repeated: it may be a secret. */
export function describeWrongSource(input: unknown): string {
  const [, scheme] = /^(\w+):/.exec(String(input)) ?? [];
  switch (scheme) {
    case "env":
      return '"env:" must be followed by the name of a variable\nWrite letters, digits and "_" only, as in "env:SUPPORT_KEY"';
    case "file":
      return `"file:" must be followed by a path\n${SOURCES}`;
    case "exec":
      return `"exec:" is not a source of secrets\n${SOURCES}`;
    default:
      return `"secret" must say where the secret is; the secret itself must not stand in this file\n${SOURCES}`;
  }
}

/**
 * Fetches the text that a source names; it is not checked yet.
 * @param keyFile the folder of this file is where relative paths begin.
 * @returns undefined when the variable is not set.
 * @throws ProblemsError when the file cannot be read.
 */
export function readSecretSource(
  source: string,
  keyFile: string,
  environment: Environment,
): string | undefined {
  const file = findSecretFile(source, keyFile);
  if (file !== undefined) return readTextFile(file);
  const place = source.slice(source.indexOf(":") + 1);
  return Object.hasOwn(environment, place) ? environment[place] : undefined;
}

/**
 * The file of a source that every user of this machine may read; undefined for all others, and on
 * Windows, which has no such modes.
 */
export function findExposedFile(
  source: string,
  keyFile: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const file = findSecretFile(source, keyFile);
  if (file === undefined || platform === "win32") return undefined;
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() && (found.mode & MAY_BE_READ_BY_OTHERS) !== 0 ? file : undefined;
}

const MAY_BE_READ_BY_OTHERS = 0o004;

function findSecretFile(source: string, keyFile: string): string | undefined {
  const [, path] = /^file:(.+)$/.exec(source) ?? [];
  return path === undefined ? undefined : resolve(dirname(keyFile), path);
}
