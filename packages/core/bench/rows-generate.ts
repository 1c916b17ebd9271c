/**
 * Writes rows of about 140 bytes to measure with, in a process of its own: its memory is not theirs.
 *
 *     node packages/core/bench/rows-generate.ts FILE csv|jsonl ROWS
 */
import { closeSync, openSync, writeFileSync } from "node:fs";

const [file = "rows.csv", format = "csv", count = "200000"] = process.argv.slice(2);

const descriptor = openSync(file, "w");
if (format === "csv") writeFileSync(descriptor, "id,product,body,city,score\n");
for (let first = 0; first < Number(count); first += 1_000) {
  const ids = Array.from({ length: Math.min(1_000, Number(count) - first) }, (_, n) => first + n);
  writeFileSync(descriptor, ids.map(generateRow).join(""));
}
closeSync(descriptor);

function generateRow(id: number): string {
  const score = id % 17;
  const body = `Hello, my order ${id} has not arrived yet and I am "quite" upset about it.\nPlease help!`;
  return format === "csv"
    ? `${id},widget,"${body.replaceAll('"', '""')}",Zürich,${score}\n`
    : `${JSON.stringify({ id, product: "widget", body, city: "Zürich", score })}\n`;
}
