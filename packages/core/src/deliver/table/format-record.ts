import { stringify } from "csv-stringify/sync";
import type { JsonValue } from "../../vocabulary/json.ts";
import type { Formulas } from "../../pipeline/output-format.ts";
import { escapeFormula } from "./escape-formula.ts";

/** What a table holds of one row, in the order of its columns. */
export type TableRecord = readonly (JsonValue | undefined)[];

/** The first line of a CSV. */
export function formatCsvHeader(columns: readonly string[], formulas: Formulas): string {
  // Outside of quotes the one would be taken for a byte order mark, the others for the delimiter.
  return stringify([columns.map((column) => formatCell(column, formulas))], {
    quoted_match: /[\uFEFF;\t|]/,
  });
}

/**
 * One record of CSV, with its line end. What is not text becomes JSON, and nothing at all an empty
 * cell; NUL, which no reader of CSV takes, becomes U+FFFD.
 */
export function formatCsvRecord(record: TableRecord, formulas: Formulas): string {
  // Alone on its line, an empty cell would be a blank line.
  const cells = record.map((value) => formatCell(value, formulas));
  return stringify([cells], { quoted_empty: record.length === 1 });
}

/** One JSON object, with its line end. A column without a value is left out. */
export function formatJsonRecord(columns: readonly string[], record: TableRecord): string {
  const fields = columns.flatMap((column, index) => {
    const value = record[index];
    return value === undefined ? [] : `${JSON.stringify(column)}:${JSON.stringify(value)}`;
  });
  return `{${fields.join(",")}}\n`;
}

function formatCell(value: JsonValue | undefined, formulas: Formulas): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const readable = text.replaceAll("\0", "\uFFFD");
  return formulas === "escape" ? escapeFormula(readable) : readable;
}
