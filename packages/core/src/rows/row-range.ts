import { ProblemsError } from "../vocabulary/problem.ts";

/** Data rows to take, counted from 1, both included. Rows outside are not there at all. */
export interface RowRange {
  readonly from: number;
  /** `Infinity` for the end of the input. */
  readonly to: number;
}

export const ALL_ROWS: RowRange = { from: 1, to: Infinity };

/**
 * Reads `A:B`, `A:` or `:B`.
 * @throws ProblemsError
 */
export function parseRowRange(text: string): RowRange {
  const [, from, to] = /^(\d*):(\d*)$/.exec(text) ?? [];
  const range = { from: Number(from || 1), to: Number(to || Infinity) };
  if (from === undefined || range.from < 1 || range.to < range.from) {
    throw new ProblemsError([
      {
        code: "option",
        message: `"${text}" is not a range of rows`,
        remedy: 'Write "1:100" for the first hundred, "101:" for the rest',
      },
    ]);
  }
  return range;
}
