import type { ReportRunPart } from "../vocabulary/run-parts.ts";
import type { RunSummary } from "../vocabulary/run-summary.ts";

/** The run as a report's template sees it, in `run`. What is not known is null. */
export type ReportRun = Pick<RunDetails, ReportRunPart>;

interface RunDetails extends Pick<
  RunSummary,
  "simulated" | "status" | "rows" | "calls" | "tokens" | "unpricedCalls"
> {
  readonly name: string;
  readonly id: string;
  /** Why it failed, for people. */
  readonly message: string | null;
  /** When this process began, in UTC: `2026-11-23T08:00:00.000Z`. */
  readonly startedAt: string;
  /** What this process took. */
  readonly durationSeconds: number;
  readonly costUsd: number | null;
  readonly maxFurtherCostUsd: number;
  readonly keys: readonly ReportKey[];
}

export interface ReportKey {
  readonly name: string;
  readonly limitGroup: string;
  readonly health: string;
  /** Why it is not ready; empty when it is. */
  readonly reason: string;
  readonly sent: number;
  readonly succeeded: number;
  readonly throttled: number;
}

export function describeRun(summary: RunSummary, startedAtMs: number): ReportRun {
  const { simulated, status, rows, calls, tokens, unpricedCalls } = summary;
  return {
    name: summary.pipeline,
    id: summary.runId,
    simulated,
    status,
    message: summary.message ?? null,
    startedAt: new Date(startedAtMs).toISOString(),
    durationSeconds: summary.durationMs / 1000,
    rows,
    calls,
    tokens,
    costUsd: summary.costUsd ?? null,
    maxFurtherCostUsd: summary.maxFurtherCostUsd,
    unpricedCalls,
    keys: summary.keys.map(
      ({ name, limitGroup, health, reason = "", sent, succeeded, throttled }) => ({
        name,
        limitGroup,
        health,
        reason,
        sent,
        succeeded,
        throttled,
      }),
    ),
  };
}
