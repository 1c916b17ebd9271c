import { lstat, stat } from "node:fs/promises";
import type { Problem } from "../vocabulary/problem.ts";
import type { Output } from "../pipeline/pipeline.ts";
import { explainFailure } from "../storage/storage-error.ts";
import { findRealPath, liesIn } from "./real-path.ts";

/** An output, and where it is going to stand. */
export interface LocatedOutput extends Output {
  /** The path of `file` without links, as they were when the run was checked. */
  readonly realFile: string;
}

export interface OutputSurroundings {
  /** Files that the run reads. */
  readonly inputs: readonly string[];
  /** The real path of the folder that an output must lie in; undefined for one that may lie anywhere. */
  readonly rootOf: (output: Output) => string | undefined;
}

/**
 * Finds where outputs are going to stand, and reports those that would overwrite what they must not
 * (an input, each other, or anything that is no ordinary file) or lead out of their folder.
 */
export async function locateOutputs(
  outputs: readonly Output[],
  { inputs, rootOf }: OutputSurroundings,
  report: (problem: Problem) => void,
): Promise<LocatedOutput[]> {
  const taken = new Set((await Promise.all(inputs.map(identifyFile))).flatMap((id) => id ?? []));
  const located: LocatedOutput[] = [];
  const paths = new Set<string>();
  for (const output of outputs) {
    const { file } = output;
    const refuse = ({ message, remedy }: Pick<Problem, "message" | "remedy">) =>
      report({ code: "output-path", message, remedy, file });
    const found = await lookAt(file);
    if ("message" in found) {
      refuse(found);
      continue;
    }
    const { realFile, identity } = found;
    const root = rootOf(output);
    if (root !== undefined && !liesIn(realFile, root)) refuse(describeWayOut(realFile, root));
    else if (paths.has(realFile) || (identity !== undefined && paths.has(identity))) {
      refuse(describePath("two outputs are one file"));
    } else if (identity !== undefined && taken.has(identity)) {
      refuse(describePath("the output would overwrite a file that the run reads"));
    }
    for (const name of [realFile, identity]) if (name !== undefined) paths.add(name);
    located.push({ ...output, realFile });
  }
  return located;
}

type Found =
  | { readonly realFile: string; readonly identity: string | undefined }
  | Pick<Problem, "message" | "remedy">;

/** What stands where an output is to stand. */
async function lookAt(file: string): Promise<Found> {
  if (/[/\\]$/.test(file)) return describePath("the output is named as a folder");
  try {
    const realFile = await findRealPath(file);
    const found = await lstat(realFile).catch(missingIsNone);
    if (!found || found.isFile()) return { realFile, identity: await identifyFile(realFile) };
    if (found.isDirectory()) return describePath("the output is a folder");
    if (found.isSymbolicLink()) return describePath("the output is a link to another place");
    return describePath("the output is a device, a pipe or a socket");
  } catch (error) {
    return describePath(`the output cannot be written: ${explainFailure(error)}`);
  }
}

function missingIsNone(error: unknown): undefined {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

function describePath(message: string) {
  return { message, remedy: "Choose another path" };
}

function describeWayOut(realFile: string, root: string) {
  return {
    message: `the output leads out of ${root}, to ${realFile}`,
    remedy: "Choose a path that stays inside of it, also where it goes through a link",
  };
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
