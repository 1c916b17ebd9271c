import { FileReplacement } from "../file-replacement.ts";
import type { OutputPlace } from "../output-place.ts";
import type { Formulas, OutputFileFormat } from "../../pipeline/output-format.ts";
import { formatCsvHeader, formatCsvRecord, formatJsonRecord } from "./format-record.ts";
import type { TableRecord } from "./format-record.ts";

/** The formats in which tables are written; another may be read only. */
type WrittenFormat = Exclude<OutputFileFormat, "markdown">;

/**
 * A table in the making. It ends with a `commit` or a `discard`; any failure discards it, so that
 * the old file is as it was and nothing is left beside it.
 */
export interface TableWriter {
  readonly format: WrittenFormat;
  /**
   * To be waited for where it gives a promise: the disk is behind.
   * @throws StorageError
   */
  write(record: TableRecord): Promise<void> | undefined;
  /**
   * Puts the whole table in place, durably.
   * @throws StorageError
   */
  commit(): Promise<void>;
  /** Leaves the old file as it was. Does nothing after a failure. */
  discard(): Promise<void>;
}

export interface TableShape {
  readonly format: WrittenFormat;
  readonly columns: readonly string[];
  /** @default "raw" */
  readonly formulas?: Formulas | undefined;
}

interface RecordFormat {
  readonly header: string;
  readonly formatRecord: (record: TableRecord) => string;
}

const FORMATS: Readonly<Record<WrittenFormat, (shape: TableShape) => RecordFormat>> = {
  csv: ({ columns, formulas = "raw" }) => ({
    header: formatCsvHeader(columns, formulas),
    formatRecord: (record) => formatCsvRecord(record, formulas),
  }),
  jsonl: ({ columns }) => ({
    header: "",
    formatRecord: (record) => formatJsonRecord(columns, record),
  }),
};

/** UTF-16 units that are gathered before they are written: system calls cost more than memory. */
const BUFFER_LENGTH = 64 * 1024;

/**
 * Begins a table that takes its place when it is complete.
 * @throws StorageError
 */
export async function openTableWriter(place: OutputPlace, shape: TableShape): Promise<TableWriter> {
  const replacement = await FileReplacement.open(place);
  const { header, formatRecord } = FORMATS[shape.format](shape);
  let buffered = header;
  const flush = () => {
    const text = buffered;
    buffered = "";
    return replacement.write(text);
  };
  return {
    format: shape.format,
    write: (record) => {
      buffered += formatRecord(record);
      return buffered.length < BUFFER_LENGTH ? undefined : flush();
    },
    commit: async () => {
      await flush();
      await replacement.commit();
    },
    discard: () => replacement.discard(),
  };
}
