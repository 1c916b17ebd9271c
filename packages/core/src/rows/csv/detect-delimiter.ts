/** In order of preference, should a header have as many of one as of another. */
const DELIMITERS = [",", ";", "\t", "|"];

/**
 * Finds what separates the columns: whichever delimiter the header has most of, outside of quotes.
 * @param start the beginning of the file
 */
export function detectDelimiter(start: string): string {
  const withoutQuoted = start.trimStart().replaceAll(/"[^"]*"/g, "");
  const [header = ""] = withoutQuoted.split("\n", 1);
  const count = (delimiter: string) => header.split(delimiter).length;
  return DELIMITERS.reduce((best, next) => (count(next) > count(best) ? next : best));
}
