import type { CsvError, CsvErrorCode } from "csv-parse";
import { BrokenFileError } from "../file/mistake.ts";
import type { Mistake } from "../file/mistake.ts";

const MISTAKES: Partial<Record<CsvErrorCode, Pick<Mistake, "code" | "message" | "remedy">>> = {
  CSV_QUOTE_NOT_CLOSED: {
    code: "csv-row",
    message: "the quote that opens this cell is never closed",
    remedy: 'Close it, and write every quote inside the cell twice: ""',
  },
  CSV_INVALID_CLOSING_QUOTE: {
    code: "csv-row",
    message: "a quote in this cell neither ends it nor is written twice",
    remedy: 'Write every quote inside a quoted cell twice: ""',
  },
  INVALID_OPENING_QUOTE: {
    code: "csv-row",
    message: "this cell has a quote in it but does not begin with one",
    remedy: 'Put the whole cell in quotes, and write every quote inside it twice: ""',
  },
  CSV_MAX_RECORD_SIZE: {
    code: "too-large",
    message: "the row with this cell is larger than 16 MiB",
    remedy: "Look for a quote here that is never closed, or shorten the row",
  },
};

/**
 * Names the cell in which csv-parse stopped: it counts bytes up to the delimiter before that cell,
 * or up to the end of the record before.
 * @param base bytes of the file before what csv-parse counts from
 */
export function convertCsvError(error: CsvError, base: number): Error {
  const mistake = MISTAKES[error.code];
  const { bytes, index } = error;
  if (!mistake || typeof bytes !== "number" || typeof index !== "number") return error;
  const offset = base + bytes + (index > 0 ? 1 : 0);
  return new BrokenFileError([{ ...mistake, offset }], { cause: error });
}
