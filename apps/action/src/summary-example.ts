import type { RunSummary } from "@rota/core";

/** For tests: a run in which more rows failed than may. */
export const SUMMARY: RunSummary = {
  runId: "r1",
  pipeline: "triage",
  simulated: false,
  status: "failed",
  message: "60 of 62 rows have no result",
  rows: { total: 62, done: 2, failed: 60, skipped: 0, uncertain: 0 },
  groups: undefined,
  calls: { sent: 3, succeeded: 2, throttled: 0, retried: 0, resent: 0, masked: 0 },
  tokens: { input: 30, output: 10, cached: 0 },
  costUsd: 0.0012,
  maxFurtherCostUsd: 0,
  unpricedCalls: 0,
  durationMs: 1_234,
  keys: [],
  outputs: [],
  stateDirectory: ".rota",
};
