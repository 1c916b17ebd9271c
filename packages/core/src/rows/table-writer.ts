import { FileReplacement } from "./file-replacement.ts";
import { formatCsvHeader, formatCsvRecord, formatJsonRecord } from "./format-record.ts";
import type { TableRecord } from "./format-record.ts";
import type { TableFormat } from "./row-source.ts";

/** A table in the making; it ends with exactly one `commit` or `discard`. */
export interface TableWriter {
  readonly format: TableFormat;
  /**
   * To be waited for where it gives a promise: the disk is behind.
   * @throws StorageError
   */
  write(record: TableRecord): Promise<void> | undefined;
  /**
   * Puts the whole table in place, durably.
   * @throws StorageError after which the old file is as it was, and nothing is left behind
   */
  commit(): Promise<void>;
  /** Leaves the old file as it was. */
  discard(): Promise<void>;
}

/** UTF-16 units that are gathered before they are written: system calls cost more than memory. */
const BUFFER_LENGTH = 64 * 1024;

/**
 * Begins a table that replaces `file` when it is complete.
 * @throws StorageError
 */
export async function openTableWriter(
  file: string,
  { format, columns }: { format: TableFormat; columns: readonly string[] },
): Promise<TableWriter> {
  const replacement = await FileReplacement.open(file);
  let buffered = format === "csv" ? formatCsvHeader(columns) : "";
  const flush = () => {
    const text = buffered;
    buffered = "";
    return replacement.write(text);
  };
  return {
    format,
    write: (record) => {
      buffered += format === "csv" ? formatCsvRecord(record) : formatJsonRecord(columns, record);
      return buffered.length < BUFFER_LENGTH ? undefined : flush();
    },
    commit: async () => {
      try {
        await flush();
      } catch (error) {
        await replacement.discard();
        throw error;
      }
      await replacement.commit();
    },
    discard: () => replacement.discard(),
  };
}
