import type { Redact } from "../../vocabulary/redaction.ts";

/** UTF-16 units. Enough for every message of the API; a page of HTML is cut. */
const MAX_MESSAGE_LENGTH = 500;

/** UTF-16 units. No more is read: to redact a whole reply of 8 MiB would block the process. */
const MAX_INPUT_LENGTH = 20_000;

/** UTF-16 units. Longer than a secret in any form; what the limit of the input cut may be the start of one. */
const MAX_SECRET_LENGTH = 1_000;

/** Makes foreign text fit for an error: secrets out, one line, and only then cut. */
export function tidyMessage(text: string, redact: Redact): string {
  const line = redactBeginning(text, redact).replace(/\s+/g, " ").trim();
  return line.length <= MAX_MESSAGE_LENGTH ? line : `${line.slice(0, MAX_MESSAGE_LENGTH - 1)}…`;
}

function redactBeginning(text: string, redact: Redact): string {
  if (text.length <= MAX_INPUT_LENGTH) return redact(text);
  return redact(text.slice(0, MAX_INPUT_LENGTH)).slice(0, -MAX_SECRET_LENGTH);
}
