import type { CallRecord, JournalReader } from "../vocabulary/journal.ts";
import type { Row } from "../vocabulary/row.ts";

/** A row, and what the journal holds about it. */
export interface RowWork {
  readonly row: Row;
  readonly calls: readonly CallRecord[];
}

/**
 * Pairs each row with its calls, in input order: rows and journal are gone through side by side.
 * What the journal holds of another row that stood in the same place is left out.
 */
export async function* joinCalls(
  rows: AsyncIterable<Row>,
  journal: JournalReader,
): AsyncGenerator<RowWork> {
  const recorded = journal.readCalls({ per: "row" })[Symbol.asyncIterator]();
  let next = await recorded.next();
  for await (const row of rows) {
    const calls: CallRecord[] = [];
    while (!next.done) {
      const { subject } = next.value.id;
      if (subject.per !== "row" || subject.ordinal > row.ordinal) break;
      if (subject.ordinal === row.ordinal && isOfRow(subject, row)) calls.push(next.value);
      next = await recorded.next();
    }
    yield { row, calls };
  }
}

function isOfRow({ content }: { readonly content: string }, row: Row): boolean {
  return content === "" || content === row.content;
}
