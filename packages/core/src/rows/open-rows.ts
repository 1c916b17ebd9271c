import { stat, open } from "node:fs/promises";
import { extname } from "node:path";
import type { ColumnType } from "../vocabulary/column-type.ts";
import { ProblemsError } from "../vocabulary/problem.ts";
import { FileRows } from "./file/file-rows.ts";
import { ALL_ROWS, coversAll } from "./row-range.ts";
import type { RowRange } from "./row-range.ts";
import { RowsInRange } from "./rows-in-range.ts";
import { ValueRows, type RowValues } from "./value-rows.ts";
import type { RowSource, TableFormat } from "../vocabulary/row-source.ts";

export interface OpenRowsOptions {
  /** The column whose values name the rows. Without one, rows are named by their content. */
  readonly idColumn?: string | undefined;
  /**
   * What the values of columns are. Cells of all others are strings, and a column of CSV that is
   * not there is for the caller to miss; of JSON lines, each must have the field.
   */
  readonly columnTypes?: ReadonlyMap<string, ColumnType> | undefined;
  /** @default all rows */
  readonly range?: RowRange | undefined;
}

const FORMATS = new Map<string, TableFormat>([
  [".csv", "csv"],
  [".tsv", "csv"],
  [".jsonl", "jsonl"],
  [".ndjson", "jsonl"],
  [".json", "jsonl"],
]);

/** Where rows come from: a file, a program's own values, or a source of one's own. */
export type RowInput = string | RowValues | (() => RowValues) | RowSource;

/**
 * Opens rows wherever they come from.
 * @throws ProblemsError when a file is not there, cannot be read, or could not be read twice
 */
export async function openRows(input: RowInput, options: OpenRowsOptions = {}): Promise<RowSource> {
  if (typeof input === "string") return openRowsFile(input, options);
  if (!("scan" in input)) return new ValueRows(input, options);
  const { range = ALL_ROWS } = options;
  return coversAll(range) ? input : new RowsInRange(input, range);
}

/**
 * Opens a file of rows. Its ending tells the format; with any other ending a file that begins with
 * a brace holds JSON lines, and all else is CSV.
 * @throws ProblemsError when the file is not there, cannot be read, or could not be read twice
 */
export async function openRowsFile(
  file: string,
  options: OpenRowsOptions = {},
): Promise<RowSource> {
  const { idColumn, columnTypes = new Map(), range = ALL_ROWS } = options;
  try {
    if (!(await stat(file)).isFile()) throw new Error("it is not a regular file");
    const format = FORMATS.get(extname(file).toLowerCase()) ?? (await detectFormat(file));
    return new FileRows(file, { format, idColumn, columnTypes, range });
  } catch (error) {
    throw new ProblemsError(
      [
        {
          code: "file-unreadable",
          message: `the rows cannot be read: ${error instanceof Error ? error.message : String(error)}`,
          remedy: "Name a CSV or JSONL file that you may read",
          file,
        },
      ],
      { cause: error },
    );
  }
}

async function detectFormat(file: string): Promise<TableFormat> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
  const start = buffer
    .toString("utf8", 0, bytesRead)
    .replace(/^\uFEFF/, "")
    .trimStart();
  return start.startsWith("{") ? "jsonl" : "csv";
}
