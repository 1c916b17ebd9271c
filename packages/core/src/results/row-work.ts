import type { CallRecord, Journal } from "../vocabulary/journal.ts";
import type { Row } from "../vocabulary/row.ts";

/** A row, and what the journal holds about it. */
export interface RowWork {
  readonly row: Row;
  readonly calls: readonly CallRecord[];
}

/** Rows of one look into the journal: few enough to stay small, many enough to make a look cheap. */
const PAGE_ROWS = 512;

const NO_CALLS: readonly CallRecord[] = [];

/**
 * Pairs each row with its calls, in input order, holding one page of the journal in memory.
 * From `rowsReached` on the journal is known to be empty and is not asked.
 */
export async function* joinCalls(
  rows: AsyncIterable<Row>,
  journal: Journal,
  rowsReached: number,
): AsyncGenerator<RowWork> {
  let page = new Map<number, CallRecord[]>();
  let pageEnd = 0;
  for await (const row of rows) {
    if (row.ordinal >= pageEnd && row.ordinal < rowsReached) {
      pageEnd = row.ordinal + PAGE_ROWS;
      page = groupByRow(journal.readRowCalls(row.ordinal, pageEnd));
    }
    yield { row, calls: page.get(row.ordinal) ?? NO_CALLS };
  }
}

function groupByRow(calls: readonly CallRecord[]): Map<number, CallRecord[]> {
  const byRow = new Map<number, CallRecord[]>();
  for (const call of calls) {
    if (call.id.subject.per !== "row") continue;
    const { ordinal } = call.id.subject;
    const ofRow = byRow.get(ordinal);
    if (ofRow) ofRow.push(call);
    else byRow.set(ordinal, [call]);
  }
  return byRow;
}
