import type { FileHandle } from "node:fs/promises";
import type { Position, Problem } from "../../vocabulary/problem.ts";
import type { Mistake } from "./mistake.ts";
import { MAX_RECORD_SIZE } from "./record-reader.ts";

/** As far behind a mistake's offset as what is to be underlined is looked for. Bytes. */
const SEARCH_SIZE = 4096;
/** So much more is read that no secret near the place is cut: what is cut is not redacted. Bytes. */
const EXCERPT_SIZE = 4 * SEARCH_SIZE;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Goes through the file once more to find the line and column of each mistake. */
export async function locateMistakes(
  file: string,
  handle: FileHandle,
  mistakes: readonly Mistake[],
): Promise<Problem[]> {
  const lines = new LineCounter(handle);
  const problems: Problem[] = [];
  for (const mistake of mistakes.toSorted((a, b) => (a.offset ?? 0) - (b.offset ?? 0))) {
    const { code, message, remedy, offset, text } = mistake;
    const position = offset === undefined ? undefined : await lines.locate(offset, text);
    problems.push({ code, message, remedy, file, position });
  }
  return problems;
}

/** Counts lines forwards: places are to be asked for in the order of the file. */
class LineCounter {
  readonly #handle: FileHandle;
  #line = 1;
  #lineStart = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async locate(offset: number, text: string | undefined): Promise<Position> {
    const start = await this.#passLineEnds(offset);
    await this.#advance(start);
    const size = Math.min(start - this.#lineStart, MAX_RECORD_SIZE);
    const before = (await this.#readLine(this.#lineStart, size)).replace(/^\uFEFF/, "");
    const after = await this.#readLine(start, EXCERPT_SIZE);
    const [underlined = ""] = text?.split(/\r?\n/, 1) ?? [];
    const at = Math.max(0, after.slice(0, SEARCH_SIZE).indexOf(underlined));
    return {
      line: this.#line,
      column: before.length + at + 1,
      length: Math.max(1, after.startsWith(underlined, at) ? underlined.length : 1),
      excerpt: before + after,
    };
  }

  /** A record's offset is where the one before ended: blank lines may follow. */
  async #passLineEnds(offset: number): Promise<number> {
    const bytes = await this.#read(offset, EXCERPT_SIZE);
    const length = bytes.findIndex((byte) => byte !== LINE_FEED && byte !== CARRIAGE_RETURN);
    return length < 0 ? offset : offset + length;
  }

  async #advance(offset: number): Promise<void> {
    let position = this.#lineStart;
    while (position < offset) {
      const bytes = await this.#read(position, Math.min(65_536, offset - position));
      if (bytes.length === 0) return;
      for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
        this.#line++;
        this.#lineStart = position + at + 1;
      }
      position += bytes.length;
    }
  }

  /** Up to the end of the line. */
  async #readLine(offset: number, size: number): Promise<string> {
    const text = (await this.#read(offset, size)).toString("utf8");
    return text.split(/\r?\n/, 1)[0] ?? "";
  }

  async #read(offset: number, size: number): Promise<Buffer> {
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await this.#handle.read(buffer, 0, size, offset);
    return buffer.subarray(0, bytesRead);
  }
}
