import type { Row } from "./row.ts";

/** Port: the rows of one input, read as often as needed, always the same ones in the same order. */
export interface RowSource {
  /** The path as the user gave it; for rows that are in no file, what messages call them. */
  readonly file: string;
  /**
   * Goes through the whole input once, before anything is sent.
   * @param visit is shown every row; its `id` is not the final one yet
   * @throws ProblemsError with everything found wrong: the first twenty places and how many more.
   */
  scan(visit?: (row: Row) => void): Promise<RowScan>;
  /**
   * Reads the rows anew, as fast as they are taken. To be called after a scan without problems.
   * @throws RunChangedError when the input is not the one that was scanned.
   */
  read(): AsyncIterable<Row>;
}

export interface RowScan {
  readonly format: TableFormat;
  /** In the order of the header, or in which the fields of JSON lines first appear. */
  readonly columns: readonly string[];
  /** Rows that `read` is going to give. */
  readonly count: number;
  /** SHA-256 of what was read, in hexadecimal: the whole file, or up to the end of the row range. */
  readonly fingerprint: string;
}

export type TableFormat = "csv" | "jsonl";
