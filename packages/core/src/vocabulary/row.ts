import type { JsonObject } from "./json.ts";

/** One record of the input. */
export interface Row {
  /** Position in the input, from 0. Fixed for a run: a changed input is refused on resume. */
  readonly ordinal: number;
  /** The value of the id column, or content hash and occurrence number. Unique in the input. */
  readonly id: string;
  /** Hash of what the row holds, as it stands in the input: the first 64 bits of a SHA-256, in hexadecimal. */
  readonly content: string;
  /** The line of the input file on which the record begins, from 1. */
  readonly line: number;
  /** By column. Strings from CSV unless a column type says otherwise; without a prototype. */
  readonly values: JsonObject;
  /** From CSV: the text of each cell, in the order of the columns, as the file has it. */
  readonly cells?: readonly string[] | undefined;
}
