import type { JsonObject } from "../../vocabulary/json.ts";
import type { ReportMistake } from "./mistake.ts";

/** Whole characters of a file, in UTF-8. */
export interface TextChunk {
  /** Bytes before it in the file. */
  readonly offset: number;
  readonly bytes: Buffer;
}

/** A record as it stands in the file: cells of CSV, or one JSON text. */
export interface FileRecord {
  /** From 1. */
  readonly line: number;
  /** Bytes before it in the file; blank lines may lie between. */
  readonly offset: number;
  readonly texts: readonly string[];
}

/** One pass over a file in one format. */
export interface RecordReader {
  /** Grows while JSON lines are converted; known from the start of the records in CSV. */
  readonly columns: readonly string[];
  /** @throws BrokenFileError */
  split(chunks: AsyncIterable<TextChunk>): AsyncIterable<readonly FileRecord[]>;
  /** @returns undefined when it reported what is wrong with the record */
  convert(record: FileRecord, report: ReportMistake): JsonObject | undefined;
}

/** A larger record is taken for a mistake, such as a quote that is never closed. Bytes. */
export const MAX_RECORD_SIZE = 16 * 1024 * 1024;
