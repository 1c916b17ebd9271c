/** Data rows to take, counted from 1, both included. Rows outside are not there at all. */
export interface RowRange {
  readonly from: number;
  /** `Infinity` for the end of the input. */
  readonly to: number;
}

export const ALL_ROWS: RowRange = { from: 1, to: Infinity };
