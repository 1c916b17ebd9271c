import { buildParts, type BuiltParts } from "./build-parts.ts";
import { deliverRun } from "./deliver/deliver-run.ts";
import type { RunFacts } from "./deliver/summarize-run.ts";
import { sweepLeftovers } from "./deliver/sweep-leftovers.ts";
import { tryOutputs } from "./deliver/try-outputs.ts";
import { executeRun } from "./execute/execute-run.ts";
import type { RunControl } from "./execute/run-control.ts";
import type { OpenRun } from "./open-run.ts";
import { listSteps } from "./pipeline/pipeline.ts";
import { followLinks } from "./plan/real-path.ts";
import type { FinishedFeed } from "./results/finished-feed.ts";
import type { OnEvent, RunEvent } from "./vocabulary/event.ts";
import type { JournalTotals } from "./vocabulary/journal.ts";
import type { KeyStatus } from "./vocabulary/key-ring.ts";
import type { RunSummary } from "./vocabulary/run-summary.ts";

/** Who is told of a run while it goes on, and who may stop it. */
export interface RunWatch {
  readonly onEvent: OnEvent;
  readonly feed: FinishedFeed;
  readonly stopSignals: readonly AbortSignal[];
  /** Told how to look at the keys, once they are there. */
  readonly onKeys: (readKeys: () => readonly KeyStatus[]) => void;
}

/** Makes the calls that are left, and delivers what came of them. */
export async function finishRun(run: OpenRun, watch: RunWatch): Promise<RunSummary> {
  const { settings, opened, prepared, outputs } = run;
  const { journal } = opened;
  const { onEvent } = watch;
  await clearOutputs(run);
  if (settings.retryErrors) await journal.forgetFailures();
  const startedAtMs = settings.clock.now();
  const before = await journal.readTotals(listSteps(prepared.pipeline, "row").map(({ id }) => id));
  onEvent(describeStart(run, before));
  const parts = buildParts(run, before, onEvent);
  const keys = await makeCalls(run, parts, watch);
  const { columns } = prepared.scan;
  const facts = { ...gatherFacts(run, parts, startedAtMs), keys };
  return deliverRun({ ...prepared, outputs, columns, journal, onEvent }, facts);
}

/** Whether outputs can be written shows before anything is paid. */
async function clearOutputs({ outputs, directory, settings }: OpenRun): Promise<void> {
  const places = outputs.map(({ place }) => place);
  sweepLeftovers(places, followLinks(directory), settings.clock);
  await tryOutputs(places);
}

/** @returns how the keys stood at last */
async function makeCalls(
  { options, prepared, settings, opened }: OpenRun,
  parts: BuiltParts,
  { onEvent, feed, stopSignals, onKeys }: RunWatch,
): Promise<readonly KeyStatus[]> {
  const { journal } = opened;
  const { control, keyRing } = parts;
  onKeys(() => keyRing.status());
  const stopListening = stopWhenAsked(control, stopSignals);
  try {
    for (const { message, remedy } of options.keys.warnings ?? []) {
      onEvent({ kind: "notice", message: `${message}. ${remedy}` });
    }
    const executionParts = { ...parts, ...prepared, journal, feed, onEvent };
    await executeRun(prepared.pipeline, executionParts, settings);
    return keyRing.status();
  } finally {
    stopListening();
    const status = keyRing.status();
    onKeys(() => status);
    await parts.close();
  }
}

/** @returns what ends the listening */
function stopWhenAsked(control: RunControl, signals: readonly AbortSignal[]): () => void {
  const interrupt = () => control.stop("interrupted", "The run was interrupted.");
  for (const signal of signals) {
    if (signal.aborted) interrupt();
    signal.addEventListener("abort", interrupt, { once: true });
  }
  return () => {
    for (const signal of signals) signal.removeEventListener("abort", interrupt);
  };
}

function describeStart(
  { opened, prepared, settings }: OpenRun,
  { rows, openCalls }: JournalTotals,
): RunEvent {
  return {
    kind: "run-started",
    runId: opened.runId,
    rows: prepared.scan.count,
    rowsDone: sumUp(rows).total,
    callsOpen: openCalls,
    simulated: settings.simulated,
  };
}

function gatherFacts(
  { opened, prepared, settings, directory }: OpenRun,
  { control, tally }: BuiltParts,
  startedAtMs: number,
): Omit<RunFacts, "keys"> {
  const { pipeline, scan } = prepared;
  const { groups, ...calls } = tally;
  return {
    runId: opened.runId,
    pipeline: pipeline.name,
    rowCount: scan.count,
    simulated: settings.simulated,
    startedAtMs,
    durationMs: settings.clock.now() - startedAtMs,
    maxErrorRate: settings.maxErrorRate,
    calls,
    groups: listSteps(pipeline, "group").length > 0 ? sumUp(groups) : undefined,
    stateDirectory: directory,
    stopped: control.stopped,
  };
}

function sumUp<Status extends string>(counts: Readonly<Record<Status, number>>) {
  const numbers: readonly number[] = Object.values(counts);
  return { ...counts, total: numbers.reduce((sum, count) => sum + count, 0) };
}
