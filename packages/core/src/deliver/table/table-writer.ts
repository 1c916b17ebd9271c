import { FileReplacement } from "../file-replacement.ts";
import type { OutputPlace } from "../output-place.ts";
import type { Formulas } from "../../pipeline/output-format.ts";
import { formatCsvHeader, formatCsvRecord, formatJsonRecord } from "./format-record.ts";
import type { TableRecord } from "./format-record.ts";
import type { TableFormat } from "../../vocabulary/row-source.ts";

/**
 * A table in the making. It ends with a `commit` or a `discard`; any failure discards it, so that
 * the old file is as it was and nothing is left beside it.
 */
export interface TableWriter {
  readonly format: TableFormat;
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
  readonly format: TableFormat;
  readonly columns: readonly string[];
  /** @default "raw" */
  readonly formulas?: Formulas | undefined;
}

/** UTF-16 units that are gathered before they are written: system calls cost more than memory. */
const BUFFER_LENGTH = 64 * 1024;

/**
 * Begins a table that takes its place when it is complete.
 * @throws StorageError
 */
export async function openTableWriter(
  place: OutputPlace,
  { format, columns, formulas = "raw" }: TableShape,
): Promise<TableWriter> {
  const replacement = await FileReplacement.open(place);
  let buffered = format === "csv" ? formatCsvHeader(columns, formulas) : "";
  const flush = () => {
    const text = buffered;
    buffered = "";
    return replacement.write(text);
  };
  return {
    format,
    write: (record) => {
      buffered +=
        format === "csv" ? formatCsvRecord(record, formulas) : formatJsonRecord(columns, record);
      return buffered.length < BUFFER_LENGTH ? undefined : flush();
    },
    commit: async () => {
      await flush();
      await replacement.commit();
    },
    discard: () => replacement.discard(),
  };
}
