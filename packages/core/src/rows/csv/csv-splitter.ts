import { CsvError, Parser } from "csv-parse";
import type { InfoRecord } from "csv-parse";
import type { CsvLayout } from "./detect-layout.ts";
import { convertCsvError } from "./convert-csv-error.ts";
import { MAX_RECORD_SIZE } from "../file/record-reader.ts";
import type { FileRecord } from "../file/record-reader.ts";

/**
 * Feeds csv-parse and takes its records one chunk at a time. Its stream's readable side stays
 * unused: records handed over by callback cost a fifth less, and come with the place of each.
 *
 * Lines are counted here, since csv-parse counts a CRLF inside of quotes twice.
 */
export class CsvSplitter {
  readonly #parser: Parser;
  /** Bytes before what csv-parse counts from. */
  readonly #base: number;
  /** The byte that ends lines. */
  readonly #lineEnd: number;
  #bytesPushed = 0;
  /** Where the last record ended. */
  #bytesTaken = 0;
  /** Lines passed over before the last record. */
  #blankLines = 0;
  /** The line on which `#newlines` begins. */
  #line = 1;
  /** Where the lines of the last chunks end, as csv-parse counts bytes. */
  #newlines: number[] = [];
  /** Those of them that lie before the end of the last record. */
  #newlinesPassed = 0;
  #records: FileRecord[] = [];
  #failure: Error | undefined;

  /**
   * @param layout.recordEnd the sign at the end of lines
   * @param base bytes of the file before those that are going to be pushed
   */
  constructor({ delimiter, recordEnd }: CsvLayout, base: number) {
    this.#base = base;
    this.#lineEnd = recordEnd.charCodeAt(0);
    this.#parser = new Parser({
      delimiter,
      record_delimiter: recordEnd === "\r" ? ["\r\n", "\r", "\n"] : ["\n", "\r\n"],
      skip_empty_lines: true,
      // Checked in `convert`, so that one ragged row does not hide the next.
      relax_column_count: true,
      max_record_size: MAX_RECORD_SIZE,
      on_record: (texts: string[], info) => this.#take(texts, info),
    });
    // Errors arrive in the callback of the write that caused them.
    this.#parser.on("error", () => {});
  }

  /** Why nothing more can be pushed. The records before the place were given out. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  push(bytes: Buffer): Promise<readonly FileRecord[]> {
    this.#newlines.splice(0, this.#newlinesPassed);
    this.#line += this.#newlinesPassed;
    this.#newlinesPassed = 0;
    const lineEnd = this.#lineEnd;
    for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) {
      this.#newlines.push(this.#bytesPushed + at);
    }
    this.#bytesPushed += bytes.length;
    return this.#settle((callback) => this.#parser.write(bytes, callback));
  }

  end(): Promise<readonly FileRecord[]> {
    return this.#settle((callback) => this.#parser.end(callback));
  }

  async #settle(
    write: (callback: (error?: Error | null) => void) => void,
  ): Promise<readonly FileRecord[]> {
    const error = await new Promise<Error | null | undefined>((resolve) => write(resolve));
    if (error) {
      this.#failure = error instanceof CsvError ? convertCsvError(error, this.#base) : error;
    }
    const records = this.#records;
    this.#records = [];
    return records;
  }

  #take(texts: string[], { bytes, empty_lines: blankLines }: InfoRecord): null {
    this.#records.push({
      line: this.#line + this.#newlinesPassed + blankLines - this.#blankLines,
      offset: this.#base + this.#bytesTaken,
      texts,
    });
    while ((this.#newlines[this.#newlinesPassed] ?? Infinity) < bytes) this.#newlinesPassed++;
    this.#bytesTaken = bytes;
    this.#blankLines = blankLines;
    return null;
  }
}
