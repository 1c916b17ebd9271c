/** What separates the columns and the lines of a CSV. */
export interface CsvLayout {
  readonly delimiter: string;
  /** A carriage return alone, as old programs on the Macintosh write; or a line feed, with or without one. */
  readonly recordEnd: "\n" | "\r";
}

/** In order of preference, should a header have as many of one as of another. */
const DELIMITERS = [",", ";", "\t", "|"];

/**
 * Finds what separates the columns: whichever delimiter the header has most of, outside of quotes;
 * and what ends the header.
 * @param start the beginning of the file
 */
export function detectLayout(start: string): CsvLayout {
  const withoutQuoted = start.trimStart().replaceAll(/"[^"]*"/g, "");
  const [, header = "", end = ""] = /^([^\r\n]*)(\r?\n|\r|)/.exec(withoutQuoted) ?? [];
  const count = (delimiter: string) => header.split(delimiter).length;
  return {
    delimiter: DELIMITERS.reduce((best, next) => (count(next) > count(best) ? next : best)),
    recordEnd: end === "\r" ? "\r" : "\n",
  };
}
