import { ProblemsError } from "../vocabulary/problem.ts";
import type { Row } from "../vocabulary/row.ts";
import type { RowScan, RowSource } from "../vocabulary/row-source.ts";
import { describeEmptyRange, type RowRange } from "./row-range.ts";

/**
 * Some rows of a source of one's own, which need not know of ranges. It is scanned as a whole, so
 * that mistakes outside of the range count too; the rows in it keep their ids and lines.
 */
export class RowsInRange implements RowSource {
  readonly file: string;
  readonly #source: RowSource;
  readonly #range: RowRange;

  constructor(source: RowSource, range: RowRange) {
    this.file = source.file;
    this.#source = source;
    this.#range = range;
  }

  async scan(visit?: (row: Row) => void): Promise<RowScan> {
    let count = 0;
    const scan = await this.#source.scan((row) => {
      if (!this.#includes(row)) return;
      visit?.(this.#renumber(row));
      count += 1;
    });
    if (count === 0) throw new ProblemsError([describeEmptyRange(this.file, this.#range)]);
    return { ...scan, count };
  }

  async *read(): AsyncIterable<Row> {
    for await (const row of this.#source.read()) {
      if (this.#includes(row)) yield this.#renumber(row);
    }
  }

  #includes({ ordinal }: Row): boolean {
    return ordinal + 1 >= this.#range.from && ordinal < this.#range.to;
  }

  #renumber(row: Row): Row {
    return { ...row, ordinal: row.ordinal - (this.#range.from - 1) };
  }
}
