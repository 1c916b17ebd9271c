import { createHash } from "node:crypto";
import type { ColumnType } from "../vocabulary/column-type.ts";
import { InvariantError, RunChangedError } from "../vocabulary/error.ts";
import { type Problem, ProblemsError } from "../vocabulary/problem.ts";
import type { Row } from "../vocabulary/row.ts";
import type { RowScan, RowSource } from "../vocabulary/row-source.ts";
import { BrokenFileError, MAX_MISTAKES, type Mistake } from "./file/mistake.ts";
import { JsonlReader } from "./json/jsonl-reader.ts";
import { ALL_ROWS, describeEmptyRange, type RowRange } from "./row-range.ts";
import { ColumnIds, ContentIds, hashContent, type IdentifyRecord, type RowIds } from "./row-ids.ts";

/** Rows as a program has them: each an object that JSON can hold. */
export type RowValues = Iterable<object> | AsyncIterable<object>;

export interface ValueRowsOptions {
  readonly idColumn?: string | undefined;
  readonly columnTypes?: ReadonlyMap<string, ColumnType> | undefined;
  readonly range?: RowRange | undefined;
}

/**
 * Rows from a program's own values. What can be gone through only once, such as a generator, is
 * kept in memory; of more rows than that holds, hand over a function that begins anew.
 * They are checked like JSON lines, and a row's `line` is its number from 1.
 */
export class ValueRows implements RowSource {
  readonly file = "rows";
  readonly #columnTypes: ReadonlyMap<string, ColumnType>;
  readonly #range: RowRange;
  readonly #ids: RowIds;
  #values: RowValues | (() => RowValues);
  #scan: RowScan | undefined;

  constructor(values: RowValues | (() => RowValues), options: ValueRowsOptions = {}) {
    const { idColumn, columnTypes = new Map(), range = ALL_ROWS } = options;
    this.#values = values;
    this.#columnTypes = columnTypes;
    this.#range = range;
    this.#ids = idColumn === undefined ? new ContentIds() : new ColumnIds(idColumn);
  }

  async scan(visit?: (row: Row) => void): Promise<RowScan> {
    await this.#keepWhatCannotBeginAnew();
    const problems: Problem[] = [];
    let further = 0;
    const pass = new ValuePass(this.#columnTypes, this.#range, (problem) => {
      if (problems.length < MAX_MISTAKES) problems.push(problem);
      else further += 1;
    });
    let count = 0;
    for await (const row of pass.readRows(this.#begin(), this.#ids.learn())) {
      count += 1;
      visit?.(row);
    }
    if (further > 0) {
      const message = `and ${further} more problems in these rows`;
      problems.push({ code: "invalid-value", message, remedy: "Correct those above first" });
    }
    if (problems.length > 0) throw new ProblemsError(problems);
    if (count === 0) throw describeNoRows(this.#range);
    this.#scan = { format: "jsonl", columns: pass.columns, count, fingerprint: pass.digest() };
    return this.#scan;
  }

  async *read(): AsyncIterable<Row> {
    if (!this.#scan) throw new InvariantError("the rows are read but were not scanned");
    const pass = new ValuePass(this.#columnTypes, this.#range, () => {
      throw describeChange();
    });
    for await (const row of pass.readRows(this.#begin(), this.#ids.assign())) {
      if (row.ordinal >= this.#scan.count) throw describeChange();
      yield row;
    }
    if (pass.digest() !== this.#scan.fingerprint) throw describeChange();
  }

  #begin(): RowValues {
    return typeof this.#values === "function" ? this.#values() : this.#values;
  }

  async #keepWhatCannotBeginAnew(): Promise<void> {
    if (typeof this.#values === "function" || Array.isArray(this.#values)) return;
    this.#values = await Array.fromAsync(this.#values);
  }
}

/** Goes through the values once. */
class ValuePass {
  readonly #reader: JsonlReader;
  readonly #range: RowRange;
  readonly #report: (problem: Problem) => void;
  readonly #hash = createHash("sha256");

  constructor(
    columnTypes: ReadonlyMap<string, ColumnType>,
    range: RowRange,
    report: (problem: Problem) => void,
  ) {
    this.#reader = new JsonlReader(columnTypes);
    this.#range = range;
    this.#report = report;
  }

  get columns(): readonly string[] {
    return this.#reader.columns;
  }

  async *readRows(all: RowValues, identify: IdentifyRecord): AsyncGenerator<Row> {
    let number = 0;
    let ordinal = 0;
    for await (const value of all) {
      number += 1;
      if (number < this.#range.from) continue;
      if (number > this.#range.to) return;
      const row = this.#toRow(value, { number, ordinal, identify });
      if (!row) continue;
      ordinal += 1;
      yield row;
    }
  }

  digest(): string {
    return this.#hash.digest("hex");
  }

  #toRow(
    value: unknown,
    { number, ordinal, identify }: { number: number; ordinal: number; identify: IdentifyRecord },
  ): Row | undefined {
    let text = "";
    const report = (mistake: Mistake) => this.#report(toProblem(mistake, number, text));
    try {
      text = JSON.stringify(value, refuseWhatJsonDrops) ?? "";
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the row cannot be written as JSON: ${reason}`;
      report({ code: "invalid-value", message, remedy: "Hand over plain objects" });
      return undefined;
    }
    this.#hash.update(text).update("\n");
    const record = { line: number, offset: 0, texts: [text] };
    try {
      const values = this.#reader.convert(record, report);
      if (!values) return undefined;
      const content = hashContent(record.texts);
      const id = identify({ line: number, offset: 0, values, content }, report);
      return id === undefined ? undefined : { ordinal, id, content, line: number, values };
    } catch (error) {
      if (!(error instanceof BrokenFileError)) throw error;
      throw new ProblemsError(error.mistakes.map((mistake) => toProblem(mistake, number, text)));
    }
  }
}

/** JSON would make null of these, or leave them out, without a word. */
function refuseWhatJsonDrops(name: string, value: unknown): unknown {
  const isDropped =
    typeof value === "function" ||
    typeof value === "symbol" ||
    (typeof value === "number" && !Number.isFinite(value));
  if (isDropped) throw new TypeError(`${name === "" ? "it" : `"${name}"`} is ${String(value)}`);
  return value;
}

/** The place is the row's number, and where in its JSON. */
function toProblem(mistake: Mistake, number: number, json: string): Problem {
  const { code, message, remedy, offset = 0, text = "" } = mistake;
  const at = Math.max(0, text === "" ? offset : json.indexOf(text));
  const length = Math.max(1, json.includes(text) ? text.length : 1);
  const position = { line: number, column: at + 1, length, excerpt: json };
  return { code, message, remedy, file: "rows", position };
}

/** Without a row there are no columns that a pipeline could be checked against: as with an empty file. */
function describeNoRows(range: RowRange): ProblemsError {
  const problem: Problem =
    range.from > 1
      ? describeEmptyRange("rows", range)
      : {
          code: "invalid-value",
          message: "there are no rows",
          remedy: "Hand over at least one row, or start no run without any",
          file: "rows",
        };
  return new ProblemsError([problem]);
}

function describeChange(): RunChangedError {
  return new RunChangedError("The rows changed after they were checked. What was done is kept.");
}
