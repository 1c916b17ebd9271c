import type { ColumnType } from "../../vocabulary/column-type.ts";
import type { JsonObject, JsonValue } from "../../vocabulary/json.ts";
import { checkCsvHeader } from "./check-csv-header.ts";
import { convertCell } from "./convert-cell.ts";
import { CsvSplitter } from "./csv-splitter.ts";
import { detectLayout } from "./detect-layout.ts";
import type { ReportMistake } from "../file/mistake.ts";
import type { FileRecord, RecordReader, TextChunk } from "../file/record-reader.ts";

/** CSV as RFC 4180 has it, with any of four delimiters; blank lines are passed over. */
export class CsvReader implements RecordReader {
  columns: readonly string[] = [];
  /** Of each column, in order. */
  #types: readonly ColumnType[] = [];
  readonly #columnTypes: ReadonlyMap<string, ColumnType>;
  readonly #idColumn: string | undefined;

  /** @param columnTypes all columns that it has no entry for are strings */
  constructor(columnTypes: ReadonlyMap<string, ColumnType>, idColumn: string | undefined) {
    this.#columnTypes = columnTypes;
    this.#idColumn = idColumn;
  }

  async *split(chunks: AsyncIterable<TextChunk>): AsyncIterable<readonly FileRecord[]> {
    let splitter: CsvSplitter | undefined;
    for await (const chunk of chunks) {
      splitter ??= new CsvSplitter(detectLayout(chunk.bytes.toString("utf8")), chunk.offset);
      yield this.#takeHeader(await splitter.push(chunk.bytes));
      if (splitter.failure) throw splitter.failure;
    }
    if (splitter) yield this.#takeHeader(await splitter.end());
    if (splitter?.failure) throw splitter.failure;
  }

  convert({ texts, offset }: FileRecord, report: ReportMistake): JsonObject | undefined {
    if (texts.length !== this.columns.length) {
      report({
        code: "csv-row",
        message: `the row has ${texts.length} cells where the header has ${this.columns.length}`,
        remedy: "Add or take out delimiters, and put cells that hold one in quotes",
        offset,
      });
      return undefined;
    }
    const values: Record<string, JsonValue> = Object.create(null);
    let isRight = true;
    for (const [index, column] of this.columns.entries()) {
      const text = texts[index] ?? "";
      const type = this.#types[index] ?? "string";
      const value = convertCell(text, type);
      if (value === undefined) {
        report({
          code: "invalid-value",
          message: `${describeCell(text)} in column "${column}" is not a ${type}`,
          remedy: "Correct the cell, or declare the column as string in the pipeline",
          offset,
          text,
        });
        isRight = false;
      } else {
        values[column] = value;
      }
    }
    return isRight ? values : undefined;
  }

  #takeHeader(records: readonly FileRecord[]): readonly FileRecord[] {
    const [header, ...rows] = records;
    if (this.columns.length > 0 || !header) return records;
    checkCsvHeader(header, this.#idColumn);
    this.columns = header.texts;
    this.#types = header.texts.map((name) => this.#columnTypes.get(name) ?? "string");
    return rows;
  }
}

/** Long text is not cut: of a secret in it, a part too short to be known as one could be left. */
function describeCell(text: string): string {
  return text.length > 40 ? `a text of ${text.length} characters` : `"${text}"`;
}
