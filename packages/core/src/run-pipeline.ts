import { systemClock } from "./clock/system-clock.ts";
import { systemRandom } from "./clock/system-random.ts";
import { deliverRun } from "./deliver/deliver-run.ts";
import { executeRun } from "./execute/execute-run.ts";
import { RunControl } from "./execute/run-control.ts";
import { startTally } from "./execute/tally.ts";
import { openJournal, type OpenedJournal } from "./journal/open-journal.ts";
import { createKeyRing } from "./keys/ring/create-key-ring.ts";
import { locateRun } from "./plan/run-directory.ts";
import { prepareRun, type PreparedRun } from "./plan/prepare-run.ts";
import { createOpenAiProvider } from "./provider/openai-provider.ts";
import type { RunOptions } from "./run-options.ts";
import type { Clock } from "./vocabulary/clock.ts";
import type { RunEvent } from "./vocabulary/event.ts";
import { createRedaction } from "./vocabulary/redaction.ts";
import type { RunSummary } from "./vocabulary/run-summary.ts";

const DEFAULT_STATE_DIRECTORY = ".rota";

/**
 * Runs a pipeline over its rows, or continues the run that an earlier process began.
 * @throws ProblemsError for everything found wrong before anything is sent
 * @throws RunChangedError when the run on disk was begun with another pipeline or input, or the
 *   rows change while it goes on
 * @throws RunLockedError when another process has the run open
 * @throws StorageError when the journal or an output cannot be written
 */
export async function runPipeline(options: RunOptions): Promise<RunSummary> {
  const { clock = systemClock } = options;
  const prepared = await prepareRun(options);
  const stateDirectory = locateRun(options.stateDirectory ?? DEFAULT_STATE_DIRECTORY, options);
  const opened = openJournal({
    directory: stateDirectory,
    fingerprints: prepared.fingerprints,
    fresh: options.fresh ?? false,
    clock,
    random: systemRandom,
  });
  try {
    return await conductRun(options, prepared, opened, { clock, stateDirectory });
  } finally {
    await opened.journal.close();
  }
}

/** Builds the parts, lets them work, and delivers what came of it. */
async function conductRun(
  options: RunOptions,
  prepared: PreparedRun,
  opened: OpenedJournal,
  { clock, stateDirectory }: { clock: Clock; stateDirectory: string },
): Promise<RunSummary> {
  const { keys, simulated = false, onEvent = () => {} } = options;
  const { pipeline, scan } = prepared;
  const { journal, runId } = opened;
  const startedAtMs = clock.now();
  const tally = startTally();
  const control = new RunControl(clock, onEvent);
  const keyRing = createKeyRing(keys, { clock, random: systemRandom });
  const redact = createRedaction(keys.keys.map(({ secret }) => secret));
  const provider = createOpenAiProvider({ clock, redact });

  const stopListening = stopOnAbort(options.signal, control);
  try {
    if (options.retryErrors) journal.forgetFailures();
    options.onKeyRing?.(() => keyRing.status());
    onEvent(describeStart(prepared, opened, simulated));
    await executeRun(
      pipeline,
      {
        source: prepared.source,
        keyRing,
        provider,
        journal,
        control,
        tally,
        clock,
        random: systemRandom,
        onEvent,
      },
      {
        concurrency: options.concurrency ?? pipeline.limits.concurrency,
        budgetUsd: prepared.budgetUsd,
        onUncertain: options.onUncertain ?? "resend",
      },
    );
  } finally {
    stopListening();
    await provider.close();
  }

  return deliverRun(
    { ...prepared, columns: scan.columns, journal, onEvent },
    {
      runId,
      pipeline: pipeline.name,
      rowCount: scan.count,
      simulated,
      startedAtMs,
      durationMs: clock.now() - startedAtMs,
      maxErrorRate: options.maxErrorRate ?? pipeline.limits.maxErrorRate,
      calls: { ...tally },
      keys: keyRing.status(),
      stateDirectory,
      stopped: control.stopped,
    },
  );
}

function describeStart(
  { pipeline, scan }: PreparedRun,
  { journal, runId }: OpenedJournal,
  simulated: boolean,
): RunEvent {
  const { rows, openCalls } = journal.readTotals(pipeline.rowSteps.length);
  return {
    kind: "run-started",
    runId,
    rows: scan.count,
    rowsDone: Object.values(rows).reduce((sum, count) => sum + count, 0),
    callsOpen: openCalls,
    simulated,
  };
}

/** @returns what ends the listening */
function stopOnAbort(signal: AbortSignal | undefined, control: RunControl): () => void {
  const interrupt = () => control.stop("interrupted", "The run was interrupted.");
  if (signal?.aborted) interrupt();
  signal?.addEventListener("abort", interrupt, { once: true });
  return () => signal?.removeEventListener("abort", interrupt);
}
