import { basename } from "node:path";
import { startRun, type Run, type RunSummary } from "@rota/core";
import { keepHeapSmall } from "../../memory/keep-heap-small.ts";
import { openProgressDisplay } from "../../progress/open-progress-display.ts";
import { ProgressTracker } from "../../progress/progress-tracker.ts";
import { formatErrorJson } from "../../summary/format-error-json.ts";
import { formatSummary } from "../../summary/format-summary.ts";
import { suggestNextSteps } from "../../summary/suggest-next-steps.ts";
import { formatSummaryJson } from "../../summary/format-summary-json.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { exitCodeForSummary, type ExitCode } from "../exit-code.ts";
import type { RunFlags } from "./run-flags.ts";
import { prepareKeys, type PreparedKeys } from "./prepare-keys.ts";
import { watchStopSignals } from "./watch-stop-signals.ts";

/** `rota run`. With `--json`, exactly one object goes to stdout, whatever happens. */
export async function runRun(
  terminal: Terminal,
  flags: RunFlags,
  pipelineFile: string,
  rowsFile: string,
): Promise<ExitCode> {
  try {
    await using prepared = await prepareKeys(terminal, { flags, pipelineFile, rowsFile });
    const run = { flags, pipelineFile, rowsFile, prepared };
    const { summary, tracker } = await runWatched(terminal, run);
    terminal.stderr.write(describeRun(terminal, run, summary, tracker));
    if (flags.json) terminal.stdout.write(formatSummaryJson(summary));
    return exitCodeForSummary(summary);
  } catch (error) {
    if (flags.json) terminal.stdout.write(formatErrorJson(error, terminal));
    throw error;
  }
}

interface PreparedRun {
  readonly flags: RunFlags;
  readonly pipelineFile: string;
  readonly rowsFile: string;
  readonly prepared: PreparedKeys;
}

/** Runs the pipeline while progress is shown and signals are heard. */
async function runWatched(
  terminal: Terminal,
  { flags, pipelineFile, rowsFile, prepared }: PreparedRun,
): Promise<{ summary: RunSummary; tracker: ProgressTracker }> {
  const tracker = new ProgressTracker(() => performance.now());
  let run: Run | undefined;
  const title = `${basename(pipelineFile)} over ${basename(rowsFile)}`;
  const source = { title, simulated: prepared.simulated, tracker, keys: () => run?.keys() ?? [] };
  const display = openProgressDisplay(flags.progress, source, terminal);
  const signals = watchStopSignals(terminal, display);
  const stopKeeping = keepHeapSmall();
  try {
    run = startRun({
      pipeline: pipelineFile,
      rows: rowsFile,
      keys: prepared.configuration,
      simulated: prepared.simulated,
      rowRange: flags.rows,
      outputFiles: flags.output,
      concurrency: flags.concurrency,
      budgetUsd: flags.budgetUsd,
      maxErrorRate: flags.maxErrorRate,
      stateDirectory: flags.stateDir,
      // The embedded simulator serves this run only: there is nobody to share its limits with.
      ...(prepared.simulated && { limitsDirectory: false }),
      fresh: flags.fresh,
      retryErrors: flags.retryErrors,
      onUncertain: flags.onUncertain,
      signal: signals.stop,
      onEvent: (event) => {
        tracker.handle(event);
        display.handle(event);
      },
    });
    return { summary: await run.finished, tracker };
  } finally {
    stopKeeping();
    signals.close();
    display.close();
  }
}

function describeRun(
  { arguments: typed, environment, stderr }: Terminal,
  { flags, prepared }: PreparedRun,
  summary: RunSummary,
  { failures, rowsEnded }: ProgressTracker,
): string {
  return formatSummary(summary, {
    failures,
    rowsEnded,
    nextSteps: suggestNextSteps(summary, {
      typed,
      environment,
      scenarioFile: flags.simulate,
      keySource: prepared.realKeySource,
    }),
    palette: stderr.palette,
    columns: stderr.isInteractive ? stderr.size().columns : Number.POSITIVE_INFINITY,
  });
}
