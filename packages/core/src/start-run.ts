import { deliverRun } from "./deliver/deliver-run.ts";
import { Budget } from "./execute/call/budget.ts";
import { CallCosts } from "./execute/call/call-costs.ts";
import { CallSender } from "./execute/call/call-sender.ts";
import { executeRun } from "./execute/execute-run.ts";
import { RunControl } from "./execute/run-control.ts";
import { startTally } from "./execute/tally.ts";
import { openJournal, type OpenedJournal } from "./journal/open-journal.ts";
import { openJournalReader } from "./journal/journal-reader.ts";
import { readWallTime } from "./clock/system-clock.ts";
import type { OpenLimitStore } from "./keys/limits/limit-store.ts";
import { memoryLimits } from "./keys/limits/memory-limits.ts";
import { sharedLimits } from "./keys/shared/shared-limits.ts";
import { createKeyRing } from "./keys/ring/create-key-ring.ts";
import { listSteps } from "./pipeline/pipeline.ts";
import { prepareRun, type PreparedRun } from "./plan/prepare-run.ts";
import { locateRun } from "./plan/run-directory.ts";
import { maskReplies } from "./provider/mask-replies.ts";
import { createOpenAiProvider } from "./provider/openai-provider.ts";
import { FinishedFeed, readEnded } from "./results/finished-feed.ts";
import type { Run } from "./run.ts";
import { settleOptions, type RunOptions, type RunSettings } from "./run-options.ts";
import { Broadcast } from "./vocabulary/broadcast.ts";
import type { RunEvent } from "./vocabulary/event.ts";
import type { FinishedSubject } from "./vocabulary/finished.ts";
import type { JournalTotals } from "./vocabulary/journal.ts";
import type { KeyStatus } from "./vocabulary/key-ring.ts";
import { createRedaction, createSecretMask } from "./vocabulary/redaction.ts";
import type { RunSummary } from "./vocabulary/run-summary.ts";

/**
 * Runs a pipeline over its rows, or continues the run that an earlier process began. Everything that
 * goes wrong rejects `Run.finished`; see there.
 */
export function startRun(options: RunOptions): Run {
  return new StartedRun(options);
}

/** What is known of a run once it was checked and its journal is open. */
interface OpenRun {
  readonly prepared: PreparedRun;
  readonly settings: RunSettings;
  /** The folder of this one run. */
  readonly directory: string;
  readonly opened: OpenedJournal;
}

/**
 * The composition root: builds the parts, lets them work, and delivers what came of it.
 *
 *     checking ──▶ open (journal and lock are held) ──▶ working ──▶ delivering ──▶ over
 *         └──────────────── failed, from any state ───────────────────────────────▲
 */
class StartedRun implements Run {
  readonly finished: Promise<RunSummary>;
  readonly #options: RunOptions;
  readonly #events = new Broadcast<RunEvent>();
  readonly #feed = new FinishedFeed();
  readonly #stop = new AbortController();
  #open: OpenRun | undefined;
  /** What the one who watches the events threw first. */
  #watcherError: { readonly error: unknown } | undefined;
  #readKeys: () => readonly KeyStatus[] = () => [];

  constructor(options: RunOptions) {
    this.#options = options;
    this.finished = this.#run();
  }

  get events(): AsyncIterable<RunEvent> {
    return { [Symbol.asyncIterator]: () => this.#handOver(this.#events.listen()) };
  }

  keys(): readonly KeyStatus[] {
    return this.#readKeys();
  }

  results(): AsyncIterable<FinishedSubject> {
    const { ended, live } = this.#feed.listen();
    return this.#handOver(this.#readResults(ended, live));
  }

  stop(): Promise<RunSummary> {
    this.#stop.abort();
    return this.finished;
  }

  /** Who takes events or results is told of a failure there, and need not look at `finished` too. */
  #handOver<T>(iterator: T): T {
    this.finished.catch(() => {});
    return iterator;
  }

  async *#readResults(
    ended: Parameters<typeof readEnded>[0],
    live: AsyncIterableIterator<FinishedSubject>,
  ): AsyncGenerator<FinishedSubject> {
    if (this.#open) {
      const { prepared, directory } = this.#open;
      // Not the run's own: that may close at any moment.
      const journal = openJournalReader(directory);
      try {
        yield* readEnded(ended, { ...prepared, journal });
      } finally {
        await journal.close();
      }
    }
    yield* live;
  }

  readonly #tell = (event: RunEvent): void => {
    try {
      this.#options.onEvent?.(event);
    } catch (error) {
      // Not out of here: it may come between a send and its record. The run stops, then it is thrown.
      this.#watcherError ??= { error };
      this.#stop.abort();
    }
    this.#events.send(event);
  };

  async #run(): Promise<RunSummary> {
    // The first listeners come before the first event: they begin when `startRun` has returned.
    await Promise.resolve();
    try {
      const summary = await this.#conduct();
      this.#feed.end();
      this.#events.end();
      return summary;
    } catch (error) {
      this.#feed.fail(error);
      this.#events.fail(error);
      throw error;
    }
  }

  async #conduct(): Promise<RunSummary> {
    const prepared = await prepareRun(this.#options);
    const settings = settleOptions(this.#options, prepared.pipeline);
    const { clock, random, fresh } = settings;
    const directory = locateRun(
      settings.stateDirectory,
      identify(this.#options, prepared, settings),
    );
    const { fingerprints } = prepared;
    const opened = openJournal({ directory, fingerprints, fresh, clock, random });
    const open = { prepared, settings, directory, opened };
    this.#open = open;
    try {
      if (settings.retryErrors) await opened.journal.forgetFailures();
      const summary = await this.#work(open);
      if (this.#watcherError) throw this.#watcherError.error;
      return summary;
    } finally {
      await opened.journal.close();
    }
  }

  async #work({ prepared, settings, directory, opened }: OpenRun): Promise<RunSummary> {
    const { pipeline, scan } = prepared;
    const { journal, runId } = opened;
    const { clock, random, budgetUsd, simulated } = settings;
    const onEvent = this.#tell;
    const startedAtMs = clock.now();
    const before = await journal.readTotals(listSteps(pipeline, "row").map(({ id }) => id));
    const { keys } = this.#options;
    const tally = startTally();
    const control = new RunControl(clock, onEvent);
    const limits = openLimits(settings, (message) => onEvent({ kind: "notice", message }));
    const keyRing = createKeyRing(keys, { clock, random, limits, patience: settings });
    const secrets = keys.keys.map(({ secret }) => secret);
    const redact = createRedaction(secrets);
    const { provider: handedIn } = this.#options;
    const sender = handedIn ?? createOpenAiProvider({ clock, redact });
    const provider = maskReplies(sender, createSecretMask(secrets), (key) => {
      tally.masked += 1;
      onEvent({ kind: "secret-masked", key, replies: tally.masked });
    });
    const parts = { journal, control, tally, clock, random, onEvent };
    const callMaker = new CallSender(
      {
        ...parts,
        keyRing,
        provider,
        costs: new CallCosts(),
        budget: new Budget(budgetUsd, {
          spentUsd: before.costUsd,
          possibleUsd: before.unknownCostUsd,
        }),
      },
      {
        keys: pipeline.keys,
        maxFaults: pipeline.limits.maxFaults,
        callTimeoutMs: pipeline.limits.callTimeoutMs,
        wasServed: before.rows.done > 0,
      },
    );
    this.#readKeys = () => keyRing.status();

    const stopListening = this.#stopWhenAsked(control);
    try {
      onEvent(describeStart(runId, prepared, before, simulated));
      for (const { message, remedy } of keys.warnings ?? []) {
        onEvent({ kind: "notice", message: `${message}. ${remedy}` });
      }
      await executeRun(pipeline, { ...parts, ...prepared, callMaker, feed: this.#feed }, settings);
    } finally {
      stopListening();
      const status = keyRing.status();
      this.#readKeys = () => status;
      keyRing.close();
      // One that was handed in may serve other runs.
      if (!handedIn) await provider.close();
    }

    const { groups, ...calls } = tally;
    const facts = {
      runId,
      pipeline: pipeline.name,
      rowCount: scan.count,
      simulated,
      startedAtMs,
      durationMs: clock.now() - startedAtMs,
      maxErrorRate: settings.maxErrorRate,
      calls,
      groups: listSteps(pipeline, "group").length > 0 ? sumUp(groups) : undefined,
      keys: this.keys(),
      stateDirectory: directory,
      stopped: control.stopped,
    };
    return deliverRun({ ...prepared, columns: scan.columns, journal, onEvent }, facts);
  }

  /** @returns what ends the listening */
  #stopWhenAsked(control: RunControl): () => void {
    const interrupt = () => control.stop("interrupted", "The run was interrupted.");
    const signals = [this.#stop.signal, this.#options.signal].filter(
      (signal) => signal !== undefined,
    );
    for (const signal of signals) {
      if (signal.aborted) interrupt();
      signal.addEventListener("abort", interrupt, { once: true });
    }
    return () => {
      for (const signal of signals) signal.removeEventListener("abort", interrupt);
    };
  }
}

/** Wall time is what processes have in common; the run's own clock does not jump. */
function openLimits(
  { limitsDirectory: directory }: RunSettings,
  onNotice: (message: string) => void,
): OpenLimitStore {
  return directory === false ? memoryLimits() : sharedLimits({ directory, readWallTime, onNotice });
}

function identify(options: RunOptions, prepared: PreparedRun, settings: RunSettings) {
  const { pipeline, scan } = prepared;
  return {
    pipelineFile: typeof options.pipeline === "string" ? options.pipeline : undefined,
    pipelineName: pipeline.name,
    rowsFile: typeof options.rows === "string" ? options.rows : undefined,
    rowsFingerprint: scan.fingerprint,
    rowRange: settings.rowRange,
    simulated: settings.simulated,
  };
}

function describeStart(
  runId: string,
  { scan }: PreparedRun,
  { rows, openCalls }: JournalTotals,
  simulated: boolean,
): RunEvent {
  const rowsDone = sumUp(rows).total;
  return {
    kind: "run-started",
    runId,
    rows: scan.count,
    rowsDone,
    callsOpen: openCalls,
    simulated,
  };
}

function sumUp<Status extends string>(counts: Readonly<Record<Status, number>>) {
  const numbers: readonly number[] = Object.values(counts);
  return { ...counts, total: numbers.reduce((sum, count) => sum + count, 0) };
}
