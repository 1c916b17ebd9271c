import type { Problem } from "../vocabulary/problem.ts";

/** Data rows to take, counted from 1, both included. Rows outside are not there at all. */
export interface RowRange {
  readonly from: number;
  /** `Infinity` for the end of the input. */
  readonly to: number;
}

export const ALL_ROWS: RowRange = { from: 1, to: Infinity };

export function coversAll({ from, to }: RowRange): boolean {
  return from === 1 && to === Infinity;
}

/** @param file what messages call the rows */
export function describeEmptyRange(file: string, { from }: RowRange): Problem {
  return {
    code: "option",
    message: `there is no row ${from}: the rows end before it`,
    remedy: "Choose a range that has rows in it",
    file,
  };
}
