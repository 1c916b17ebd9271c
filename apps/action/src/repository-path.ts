import path from "node:path";

/**
 * A file as annotations name it: from the repository's root, without "./", and with slashes, on
 * Windows too.
 * @param rules how this system writes paths
 */
export function toRepositoryPath(file: string, rules: path.PlatformPath = path): string {
  return rules.normalize(file).replaceAll(rules.sep, "/");
}
