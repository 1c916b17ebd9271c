import type { RunSummary } from "@rota/core";

/** A run for tests: done, with a few failed rows and a key that was revoked. */
export const summaryExample: RunSummary = {
  runId: "run-1",
  pipeline: "ticket-triage",
  simulated: false,
  status: "completed",
  message: undefined,
  rows: { total: 1200, done: 1190, failed: 7, skipped: 3, uncertain: 0 },
  calls: { sent: 1300, succeeded: 1290, throttled: 0, retried: 8, resent: 2 },
  tokens: { input: 120_000, output: 34_000, cached: 1_000 },
  costUsd: 0.0412,
  unpricedCalls: 0,
  durationMs: 61_000,
  keys: [
    {
      name: "support-a",
      limitGroup: "support",
      health: "ready",
      reason: undefined,
      inFlight: 0,
      sent: 1299,
      succeeded: 1290,
      throttled: 0,
      requestsPerMinute: 1200,
      load: 0,
    },
    {
      name: "old",
      limitGroup: "old",
      health: "revoked",
      reason: "Incorrect API key",
      inFlight: 0,
      sent: 1,
      succeeded: 0,
      throttled: 0,
      requestsPerMinute: undefined,
      load: undefined,
    },
  ],
  outputs: ["results.csv", "report.md"],
  stateDirectory: ".rota/ticket-triage",
};
