import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { InvariantError, RunChangedError } from "../../vocabulary/error.ts";
import { ProblemsError } from "../../vocabulary/problem.ts";
import type { Row } from "../../vocabulary/row.ts";
import { locateMistakes } from "./locate-mistakes.ts";
import { BrokenFileError, MAX_MISTAKES } from "./mistake.ts";
import type { Mistake } from "./mistake.ts";
import { ColumnIds, ContentIds } from "../row-ids.ts";
import type { RowIds } from "../row-ids.ts";
import { RowPass } from "./row-pass.ts";
import type { RowFormat } from "./row-pass.ts";
import { describeEmptyRange } from "../row-range.ts";
import type { RowScan, RowSource } from "../../vocabulary/row-source.ts";

/** The rows of a file. Each pass opens it anew and holds one chunk of it at a time. */
export class FileRows implements RowSource {
  readonly file: string;
  readonly #format: RowFormat;
  readonly #ids: RowIds;
  #scanned: { readonly scan: RowScan; readonly modifiedMs: number } | undefined;

  constructor(file: string, format: RowFormat) {
    this.file = file;
    this.#format = format;
    this.#ids = format.idColumn === undefined ? new ContentIds() : new ColumnIds(format.idColumn);
  }

  async scan(visit?: (row: Row) => void): Promise<RowScan> {
    await using handle = await open(this.file);
    const { mtimeMs: modifiedMs } = await handle.stat();
    const mistakes: Mistake[] = [];
    let mistakeCount = 0;
    const report = (mistake: Mistake) => {
      if (mistakeCount++ < MAX_MISTAKES) mistakes.push(mistake);
    };
    const pass = new RowPass(handle, this.#format, report);
    let count = 0;
    try {
      for await (const row of pass.readRows(this.#ids.learn())) {
        count++;
        visit?.(row);
      }
    } catch (error) {
      if (!(error instanceof BrokenFileError)) throw error;
      error.mistakes.forEach(report);
    }
    if (mistakeCount > 0) throw await this.#describeMistakes(handle, mistakes, mistakeCount);
    const { format, range } = this.#format;
    if (count === 0 && range.from > 1) {
      throw new ProblemsError([describeEmptyRange(this.file, range)]);
    }
    const scan = { format, columns: pass.columns, count, fingerprint: pass.digest() };
    this.#scanned = { scan, modifiedMs };
    return scan;
  }

  async *read(): AsyncIterable<Row> {
    if (!this.#scanned) throw new InvariantError("the rows are read but were not scanned");
    const { scan, modifiedMs } = this.#scanned;
    await using handle = await open(this.file).catch((error: unknown) => {
      throw this.#describeChange(error);
    });
    if ((await handle.stat()).mtimeMs !== modifiedMs) throw this.#describeChange();
    const pass = new RowPass(handle, this.#format, () => {
      throw this.#describeChange();
    });
    try {
      for await (const row of pass.readRows(this.#ids.assign())) {
        if (row.ordinal >= scan.count) throw this.#describeChange();
        yield row;
      }
    } catch (error) {
      throw error instanceof BrokenFileError ? this.#describeChange(error) : error;
    }
    if (pass.digest() !== scan.fingerprint) throw this.#describeChange();
  }

  async #describeMistakes(
    handle: FileHandle,
    mistakes: readonly Mistake[],
    count: number,
  ): Promise<ProblemsError> {
    const problems = await locateMistakes(this.file, handle, mistakes);
    if (count > problems.length) {
      problems.push({
        code: "invalid-value",
        message: `and ${count - problems.length} more problems in this file`,
        remedy: "Correct those above first",
        file: this.file,
      });
    }
    return new ProblemsError(problems);
  }

  /** Not a problem of the input: those are told before anything is sent. */
  #describeChange(cause?: unknown): RunChangedError {
    const facts = `${this.file}: the rows changed after they were checked. What was done is kept.`;
    return new RunChangedError(facts, { cause });
  }
}
