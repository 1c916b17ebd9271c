import type { ColumnType } from "../../vocabulary/column-type.ts";
import { isJsonObject, type JsonObject } from "../../vocabulary/json.ts";
import { BrokenFileError } from "../file/mistake.ts";
import type { Mistake, ReportMistake } from "../file/mistake.ts";
import { JsonTextError, parseJson } from "./parse-json.ts";
import { MAX_RECORD_SIZE } from "../file/record-reader.ts";
import type { FileRecord, RecordReader, TextChunk } from "../file/record-reader.ts";

/** More different names than this are data that became names. */
const MAX_COLUMNS = 2_000;

/** One JSON object a line; blank lines are passed over. */
export class JsonlReader implements RecordReader {
  readonly #columns = new Set<string>();
  readonly #columnTypes: ReadonlyMap<string, ColumnType>;

  constructor(columnTypes: ReadonlyMap<string, ColumnType>) {
    this.#columnTypes = columnTypes;
  }

  get columns(): readonly string[] {
    return [...this.#columns];
  }

  /** Splits at line feeds only: U+2028, at which `node:readline` splits too, may stand inside JSON. */
  async *split(chunks: AsyncIterable<TextChunk>): AsyncIterable<readonly FileRecord[]> {
    let line = 1;
    let lineStart = 0;
    /** The beginning of a line whose end is still to come. */
    let begun: Buffer[] = [];
    for await (const { bytes, offset } of chunks) {
      if (line === 1 && begun.length === 0) lineStart = offset;
      const records: FileRecord[] = [];
      let taken = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, taken)) {
        begun.push(bytes.subarray(taken, end));
        records.push(...toRecord(line, lineStart, begun));
        taken = end + 1;
        lineStart = offset + taken;
        line++;
        begun = [];
      }
      begun.push(bytes.subarray(taken));
      refuseOversize(begun, lineStart);
      yield records;
    }
    yield toRecord(line, lineStart, begun);
  }

  convert(record: FileRecord, report: ReportMistake): JsonObject | undefined {
    const values = parseObject(record, report);
    if (!values) return undefined;
    const mistakes = this.#checkTypes(values);
    for (const mistake of mistakes) report({ ...mistake, offset: record.offset });
    for (const name of Object.keys(values)) this.#columns.add(name);
    if (this.#columns.size > MAX_COLUMNS) {
      throw new BrokenFileError([
        {
          code: "too-large",
          message: `up to this line there are more than ${MAX_COLUMNS} different field names`,
          remedy: "Put what varies from row to row into values, not names",
          offset: record.offset,
        },
      ]);
    }
    return mistakes.length === 0 ? values : undefined;
  }

  #checkTypes(values: JsonObject): Omit<Mistake, "offset">[] {
    return [...this.#columnTypes].flatMap(([name, type]) => {
      const value = values[name];
      if (value === undefined) {
        return {
          code: "missing-field",
          message: `the field "${name}", which the pipeline declares, is missing`,
          remedy: "Add it to every row (null where there is nothing), or correct the pipeline",
        };
      }
      if (value === null || type === "json" || typeof value === type) return [];
      return {
        code: "invalid-value",
        message: `the field "${name}" is not a ${type}`,
        remedy: "Correct the value, or the type that the pipeline declares",
        text: JSON.stringify(name),
      };
    });
  }
}

function toRecord(line: number, offset: number, parts: readonly Buffer[]): FileRecord[] {
  refuseOversize(parts, offset);
  const text = Buffer.concat(parts).toString("utf8").trimEnd();
  return text === "" ? [] : [{ line, offset, texts: [text] }];
}

function refuseOversize(parts: readonly Buffer[], offset: number): void {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  if (size <= MAX_RECORD_SIZE) return;
  throw new BrokenFileError([
    {
      code: "too-large",
      message: "this line is larger than 16 MiB",
      remedy: "Write one JSON object on each line",
      offset,
    },
  ]);
}

function parseObject({ texts, offset }: FileRecord, report: ReportMistake): JsonObject | undefined {
  const [text = ""] = texts;
  const remedy = "Write one whole JSON object on each line";
  try {
    const value = parseJson(text);
    if (isJsonObject(value)) return value;
    report({ code: "json-line", message: "this line is JSON, but not an object", remedy, offset });
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    report({
      code: "json-line",
      message: `this line cannot be read as JSON: ${error.message}`,
      remedy,
      offset: offset + Buffer.byteLength(text.slice(0, error.position)),
    });
  }
  return undefined;
}
