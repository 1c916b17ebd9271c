import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { ColumnType } from "../../vocabulary/column-type.ts";
import type { Row } from "../../vocabulary/row.ts";
import { CsvReader } from "../csv/csv-reader.ts";
import { BrokenFileError } from "./mistake.ts";
import type { Mistake, ReportMistake } from "./mistake.ts";
import { readUtf8 } from "./read-utf8.ts";
import type { FileRecord, RecordReader } from "./record-reader.ts";
import { hashContent, type IdentifyRecord } from "../row-ids.ts";
import { JsonlReader } from "../json/jsonl-reader.ts";
import type { RowRange } from "../row-range.ts";
import type { TableFormat } from "../../vocabulary/row-source.ts";

export interface RowFormat {
  readonly format: TableFormat;
  readonly idColumn: string | undefined;
  readonly columnTypes: ReadonlyMap<string, ColumnType>;
  readonly range: RowRange;
}

const READERS: Readonly<Record<TableFormat, (format: RowFormat) => RecordReader>> = {
  csv: ({ columnTypes, idColumn }) => new CsvReader(columnTypes, idColumn),
  jsonl: ({ columnTypes }) => new JsonlReader(columnTypes),
};

const EMPTY_FILE: Mistake = {
  code: "file-unreadable",
  message: "the file is empty",
  remedy: "Write CSV with the column names on its first line, or one JSON object on each line",
};

/** Goes through an open file once, from its start. */
export class RowPass {
  readonly #handle: FileHandle;
  readonly #format: RowFormat;
  readonly #report: ReportMistake;
  readonly #reader: RecordReader;
  readonly #hash = createHash("sha256");

  constructor(handle: FileHandle, format: RowFormat, report: ReportMistake) {
    this.#handle = handle;
    this.#format = format;
    this.#report = report;
    this.#reader = READERS[format.format](format);
  }

  get columns(): readonly string[] {
    return this.#reader.columns;
  }

  /**
   * Rows with a mistake are reported and left out.
   * @throws BrokenFileError where the rest cannot be understood
   */
  async *readRows(identify: IdentifyRecord): AsyncGenerator<Row> {
    const { range } = this.#format;
    const chunks = readUtf8(this.#handle, (bytes) => this.#hash.update(bytes));
    let recordCount = 0;
    let ordinal = 0;
    for await (const records of this.#reader.split(chunks)) {
      for (const record of records) {
        if (++recordCount < range.from) continue;
        const row = this.#toRow(record, ordinal, identify);
        if (row) {
          ordinal++;
          yield row;
        }
        if (recordCount >= range.to) return;
      }
    }
    if (recordCount === 0 && this.columns.length === 0) throw new BrokenFileError([EMPTY_FILE]);
  }

  #toRow(record: FileRecord, ordinal: number, identify: IdentifyRecord): Row | undefined {
    const values = this.#reader.convert(record, this.#report);
    if (!values) return undefined;
    const { line, offset, texts } = record;
    const content = hashContent(texts);
    const id = identify({ line, offset, values, content }, this.#report);
    if (id === undefined) return undefined;
    const cells = this.#format.format === "csv" ? texts : undefined;
    return { ordinal, id, content, line, values, cells };
  }

  /** Of what was read; to be asked for once, at the end. */
  digest(): string {
    return this.#hash.digest("hex");
  }
}
