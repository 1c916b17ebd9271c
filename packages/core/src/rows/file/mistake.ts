import type { Problem } from "../../vocabulary/problem.ts";

/** A problem in a rows file whose place is still a number of bytes: line and column cost another look. */
export interface Mistake extends Pick<Problem, "code" | "message" | "remedy"> {
  /** Bytes from the start of the file. Line ends here are passed over. Undefined for the file as a whole. */
  readonly offset?: number | undefined;
  /** What to underline, where it stands on that line at or after the offset. */
  readonly text?: string | undefined;
}

/** More mistakes than this are one mistake made many times. */
export const MAX_MISTAKES = 20;

export type ReportMistake = (mistake: Mistake) => void;

/** Nothing after this place in the file can be understood. */
export class BrokenFileError extends Error {
  override readonly name = "BrokenFileError";
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[], options?: ErrorOptions) {
    super(mistakes.map(({ message }) => message).join("; "), options);
    this.mistakes = mistakes;
  }
}
