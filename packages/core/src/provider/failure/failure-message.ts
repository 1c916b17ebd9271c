import type { Redact } from "../../vocabulary/redaction.ts";

/** Enough for every message of the API; a page of HTML ends here. */
const LONGEST_MESSAGE = 500;

/** What is looked at at all: redaction of a whole 16 MiB reply would hold up the process. */
const LONGEST_INPUT = 20_000;

/** Makes foreign text fit for an error: secrets out, one line, cut. */
export function tidyMessage(text: string, redact: Redact): string {
  const line = redact(text.slice(0, LONGEST_INPUT)).replace(/\s+/g, " ").trim();
  return line.length <= LONGEST_MESSAGE ? line : `${line.slice(0, LONGEST_MESSAGE - 1)}…`;
}
