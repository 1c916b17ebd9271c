import { lstat, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Problem } from "../vocabulary/problem.ts";

/**
 * Finds output paths that would overwrite what they must not: an input, each other, or anything
 * that is no ordinary file.
 * @param inputs files that the run reads
 */
export async function findOutputPathProblems(
  outputs: readonly string[],
  inputs: readonly string[],
): Promise<Problem[]> {
  const inputIdentities = await Promise.all(inputs.map(identifyFile));
  const problems: Problem[] = [];
  for (const [index, file] of outputs.entries()) {
    const earlier = outputs.slice(0, index).map((output) => resolve(output));
    const identity = await identifyFile(file);
    const message = earlier.includes(resolve(file))
      ? "two outputs have the same path"
      : identity !== undefined && inputIdentities.includes(identity)
        ? "the output would overwrite a file that the run reads"
        : await describeObstacle(file);
    if (message !== undefined) {
      problems.push({ code: "output-path", message, remedy: "Choose another path", file });
    }
  }
  return problems;
}

/** Device and inode: the same file under two names, in other letters or by a link, is one file. */
async function identifyFile(file: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

async function describeObstacle(file: string): Promise<string | undefined> {
  try {
    const found = await lstat(file);
    if (found.isFile()) return undefined;
    if (found.isDirectory()) return "the output is a folder";
    if (found.isSymbolicLink()) return "the output is a link to another place";
    return "the output is a device, a pipe or a socket";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "ENOENT" ? undefined : `the output cannot be written: ${String(error)}`;
  }
}
