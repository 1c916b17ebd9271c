import type { RunSummary } from "./run-summary.ts";

/**
 * What templates see of the run, in `run`. A step runs before the run has ended, and sees less of it
 * than a report does.
 */
export const RUN_PARTS = {
  step: ["name", "rows"],
  report: [
    "name",
    "id",
    "simulated",
    "status",
    "message",
    "startedAt",
    "durationSeconds",
    "rows",
    "calls",
    "tokens",
    "costUsd",
    "maxFurtherCostUsd",
    "unpricedCalls",
    "keys",
  ],
} as const;

export type ReportRunPart = (typeof RUN_PARTS)["report"][number];

/** The counts of rows by how they ended, of the run in `run.rows` and of a group in `group.counts`. */
export const ROW_COUNTS = [
  "total",
  "done",
  "failed",
  "skipped",
  "uncertain",
] as const satisfies readonly (keyof RunSummary["rows"])[];
