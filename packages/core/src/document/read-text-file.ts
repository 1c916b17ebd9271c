import { closeSync, openSync, readSync } from "node:fs";
import { type Problem, ProblemsError } from "../vocabulary/problem.ts";

/** Room for any configuration or template; data has readers of its own that stream. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Reads a whole text file that a person wrote, without a byte order mark. Synchronous, because it
 * happens once, before a run begins. Pipes are read too (`--keys <(command)`).
 * @throws ProblemsError when it is missing, a folder, not permitted, not UTF-8, or over 1 MiB.
 */
export function readTextFile(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readAtMost(file, MAX_FILE_BYTES + 1);
  } catch (cause) {
    throw unreadable(file, ...explain(cause), { cause });
  }
  if (bytes.length > MAX_FILE_BYTES) {
    throw new ProblemsError([
      { code: "too-large", file, message: "the file is over 1 MiB", remedy: "Make it smaller" },
    ]);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(file, "the file is not UTF-8 text", "Save it with UTF-8 encoding", { cause });
  }
}

/** A size asked for beforehand would be wrong for pipes and devices. */
function readAtMost(file: string, limit: number): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(limit);
    let length = 0;
    while (length < limit) {
      const read = readSync(descriptor, buffer, length, limit - length, null);
      if (read === 0) break;
      length += read;
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

function explain(cause: unknown): [message: string, remedy: string] {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return ["the file does not exist", "Check the path"];
    case "EISDIR":
      return ["this is a folder, not a file", "Name a file in it"];
    case "EACCES":
    case "EPERM":
      return ["the file may not be read", "Allow this user to read it"];
    default:
      return [
        `the file cannot be read (${code ?? "unknown error"})`,
        "Check the path and the disk",
      ];
  }
}

function unreadable(
  file: string,
  message: string,
  remedy: string,
  options: ErrorOptions,
): ProblemsError {
  const problem: Problem = { code: "file-unreadable", file, message, remedy };
  return new ProblemsError([problem], options);
}
