import { hash } from "node:crypto";
import type { JsonObject } from "../vocabulary/json.ts";
import { CompactMap } from "./compact-map.ts";
import type { ReportMistake } from "./mistake.ts";
import type { FileRecord } from "./record-reader.ts";

/** Gives each record of one pass its id. @returns undefined when it reported that there is none */
export type IdentifyRecord = (
  record: FileRecord,
  values: JsonObject,
  report: ReportMistake,
) => string | undefined;

/** Rows are known by what they hold: the hash of it, and which one of the rows that hold the same. */
export function identifyByContent(expectedRows: number): IdentifyRecord {
  const occurrences = new CompactMap(expectedRows);
  return ({ texts }) => {
    // No text holds NUL: the file would have been refused.
    const [name, high, low] = hash64(texts.join("\0"));
    const occurrence = occurrences.get(high, low) + 1;
    occurrences.set(high, low, occurrence);
    return `${name}-${occurrence}`;
  };
}

/**
 * Rows are known by the value of a column, which must be there and differ from row to row. Values
 * are told apart by 64 bits of their hash: among a million, the odds of a false alarm are 1 to 37 million.
 */
export function identifyByColumn(column: string, expectedRows: number): IdentifyRecord {
  const lines = new CompactMap(expectedRows);
  return ({ line, offset }, values, report) => {
    const value = values[column];
    const id = typeof value === "number" ? String(value) : value;
    if (typeof id !== "string" || id === "") {
      report({
        code: "invalid-value",
        message: `the row has no id in "${column}"`,
        remedy: "Give every row an id of its own, or leave out input.id in the pipeline",
        offset,
      });
      return undefined;
    }
    const [, high, low] = hash64(id);
    const firstLine = lines.get(high, low);
    if (firstLine > 0) {
      report({
        code: "duplicate",
        message: `the id "${id}" stands on line ${firstLine} and again on line ${line}`,
        remedy: "Give every row an id of its own, or leave out input.id in the pipeline",
        offset,
        text: id,
      });
      return undefined;
    }
    lines.set(high, low, line);
    return id;
  };
}

function hash64(text: string): [name: string, high: number, low: number] {
  const name = hash("sha256", text, "hex").slice(0, 16);
  return [name, Number.parseInt(name.slice(0, 8), 16), Number.parseInt(name.slice(8), 16)];
}
