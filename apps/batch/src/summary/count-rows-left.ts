import type { RunSummary } from "@rota/core";

/** Rows that are not accounted for yet. */
export function countRowsLeft({ rows }: RunSummary): number {
  return rows.total - rows.done - rows.failed - rows.skipped - rows.uncertain;
}
