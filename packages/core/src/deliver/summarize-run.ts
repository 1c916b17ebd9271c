import { InvariantError } from "../vocabulary/error.ts";
import type { StopReason } from "../vocabulary/event.ts";
import type { JournalTotals } from "../vocabulary/journal.ts";
import type { KeyStatus } from "../vocabulary/key-ring.ts";
import type { RunSummary } from "../vocabulary/run-summary.ts";

/** What is known, beside the journal, when all work has ended. */
export interface RunFacts {
  readonly runId: string;
  readonly pipeline: string;
  readonly simulated: boolean;
  readonly rowCount: number;
  readonly maxErrorRate: number;
  readonly calls: RunSummary["calls"];
  /** How the groups ended; undefined for a pipeline without. */
  readonly groups: RunSummary["groups"];
  readonly keys: readonly KeyStatus[];
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly stateDirectory: string;
  readonly stopped: { readonly reason: StopReason; readonly message: string } | undefined;
}

/**
 * Sums a run up, and judges it. Outputs are not written yet.
 * @param runErrors what went wrong in steps over the whole run
 * @throws InvariantError when the run was not stopped and yet some row has no end
 */
export function summarizeRun(
  facts: RunFacts,
  totals: JournalTotals,
  runErrors: readonly string[],
): RunSummary {
  const { rowCount, stopped } = facts;
  const { usage, costUsd, unknownCostUsd, unpricedCalls } = totals;
  const rows = { total: rowCount, ...totals.rows };
  const ended = rows.done + rows.failed + rows.skipped + rows.uncertain;
  if (!stopped && ended !== rowCount) {
    throw new InvariantError(`Of ${rowCount} rows only ${ended} are accounted for.`);
  }
  return {
    runId: facts.runId,
    pipeline: facts.pipeline,
    simulated: facts.simulated,
    ...judge(facts, rows, runErrors),
    rows,
    groups: facts.groups,
    calls: facts.calls,
    tokens: {
      input: usage.inputTokens,
      output: usage.outputTokens,
      cached: usage.cachedInputTokens,
    },
    costUsd: unpricedCalls > 0 && costUsd === 0 ? undefined : costUsd,
    maxFurtherCostUsd: unknownCostUsd,
    unpricedCalls,
    durationMs: facts.durationMs,
    keys: facts.keys,
    outputs: [],
    stateDirectory: facts.stateDirectory,
  };
}

function judge(
  { groups, maxErrorRate, stopped }: RunFacts,
  rows: RunSummary["rows"],
  runErrors: readonly string[],
): Pick<RunSummary, "status" | "message"> {
  if (stopped) return { status: stopped.reason, message: stopped.message };
  if (runErrors.length > 0) return { status: "failed", message: runErrors.join("; ") };
  const tolerated = `${Number((maxErrorRate * 100).toFixed(3))} %`;
  const messages = [
    { name: "rows", counts: rows },
    { name: "groups", counts: groups },
  ].flatMap(({ name, counts }) => {
    if (!counts) return [];
    const without = counts.failed + counts.uncertain;
    if (without <= maxErrorRate * counts.total) return [];
    return `${without} of ${counts.total} ${name} have no result; tolerated are ${tolerated}.`;
  });
  if (messages.length === 0) return { status: "completed", message: undefined };
  return { status: "failed", message: messages.join(" ") };
}
