import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const SUBJECTS = ["printer", "invoice", "login page", "delivery", "export", "calendar", "phone"];
const FILLER =
  "has not worked since this morning and nobody here knows why. We restarted it two times and " +
  "read the manual. Please tell us what to do next and how long it will take";

/** Writes a CSV of one column: prompts of about 200 characters, the same ones each time. */
export async function writeRows(file: string, count: number): Promise<void> {
  await pipeline(Readable.from(generateLines(count)), createWriteStream(file));
}

function* generateLines(count: number): Generator<string> {
  yield "prompt\n";
  for (let row = 0; row < count; row++) {
    const subject = SUBJECTS[row % SUBJECTS.length];
    yield `Ticket ${row} of ${(row * 7919) % 10_007}: our ${subject} ${FILLER}.\n`;
  }
}
