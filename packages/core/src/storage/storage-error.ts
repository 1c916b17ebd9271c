import { RotaError, StorageError } from "../vocabulary/error.ts";

interface Explanation {
  readonly what: string;
  readonly remedy: string;
}

const KEPT = "then type the same command again: what was recorded is kept.";
const FULL: Explanation = { what: "the disk is full", remedy: `Make room on the disk, ${KEPT}` };
const TOO_LARGE: Explanation = {
  what: "files may not grow so large here",
  remedy: `Raise the limit on the size of files (ulimit -f), ${KEPT}`,
};
const FORBIDDEN: Explanation = {
  what: "it may not be written",
  remedy: `Check its permissions, ${KEPT}`,
};
const BROKEN_DISK: Explanation = {
  what: "the disk reports an error",
  remedy: `Check the disk, ${KEPT}`,
};
const DAMAGED: Explanation = {
  what: "it is damaged",
  remedy: "Begin anew with the option `fresh`, which sets it aside; nothing is deleted.",
};
const UNEXPECTED: Explanation = {
  what: "something unexpected happened",
  remedy:
    "Type the same command again; if that fails too, begin anew with the option `fresh`, which " +
    "sets the journal aside.",
};

/** By SQLite's primary result code (https://www.sqlite.org/rescode.html), or by Node's code. */
const EXPLANATIONS: ReadonlyMap<unknown, Explanation> = new Map<unknown, Explanation>([
  // A table or column is not there, although every statement was written for those that are.
  [1, DAMAGED],
  [3, FORBIDDEN],
  [8, FORBIDDEN],
  [10, BROKEN_DISK],
  [11, DAMAGED],
  [13, FULL],
  [14, FORBIDDEN],
  [26, DAMAGED],
  ["EACCES", FORBIDDEN],
  ["EDQUOT", FULL],
  ["EFBIG", TOO_LARGE],
  ["EIO", BROKEN_DISK],
  ["ENOSPC", FULL],
  ["EPERM", FORBIDDEN],
  ["EROFS", FORBIDDEN],
  // A number that was never written: JavaScript has none so large.
  ["ERR_OUT_OF_RANGE", DAMAGED],
]);

/** Says of a failure of the disk or of SQLite which file it struck and what to do; ours stay as they are. */
export function toStorageError(cause: unknown, path: string): RotaError {
  if (cause instanceof RotaError) return cause;
  const explanation = EXPLANATIONS.get(readErrorCode(cause)) ?? UNEXPECTED;
  const facts = `The journal ${path} cannot be used: ${explainFailure(cause)}.`;
  return new StorageError(`${facts} ${explanation.remedy}`, {
    cause,
    facts: explanation === DAMAGED ? facts : undefined,
  });
}

/** @param what says how it shows */
export function damagedError(path: string, what: string): StorageError {
  return new StorageError(`The journal ${path} is damaged: ${what}. ${DAMAGED.remedy}`);
}

/** True when SQLite says of a file that it is not as it was written. */
export function isDamage(error: unknown): boolean {
  return EXPLANATIONS.get(readErrorCode(error)) === DAMAGED;
}

/** Says in a few words what a failure of the disk or of SQLite means. */
export function explainFailure(cause: unknown): string {
  return describeFailure(cause, UNEXPECTED.remedy).what;
}

/**
 * Says what a failure of the disk or of SQLite means, and what to do.
 * @param otherwise what to do about one that is not among those known here
 */
export function describeFailure(cause: unknown, otherwise: string): Explanation {
  const message = cause instanceof Error ? cause.message : String(cause);
  const known = EXPLANATIONS.get(readErrorCode(cause));
  if (!known) return { what: message, remedy: otherwise };
  return { what: `${known.what} (${message})`, remedy: known.remedy };
}

/** SQLite's primary result code, which is the low byte of the extended one, or else Node's code. */
export function readErrorCode(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode & 0xff;
  return "code" in error ? error.code : undefined;
}
