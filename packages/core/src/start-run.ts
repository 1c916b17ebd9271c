import { finishRun } from "./finish-run.ts";
import { openJournalReader } from "./journal/journal-reader.ts";
import { openRun, type OpenRun } from "./open-run.ts";
import { FinishedFeed } from "./results/finished-feed.ts";
import { readEnded } from "./results/read-ended.ts";
import type { Selection } from "./results/selection.ts";
import type { Run } from "./run.ts";
import type { RunOptions } from "./run-options.ts";
import { Broadcast, toIterable } from "./vocabulary/broadcast.ts";
import type { RunEvent } from "./vocabulary/event.ts";
import type { FinishedSubject } from "./vocabulary/finished.ts";
import type { KeyStatus } from "./vocabulary/key-ring.ts";
import type { RunSummary } from "./vocabulary/run-summary.ts";

/**
 * Runs a pipeline over its rows, or continues the run that an earlier process began. Everything that
 * goes wrong rejects `Run.finished`; see there.
 */
export function startRun(options: RunOptions): Run {
  return new StartedRun(options);
}

/**
 * A run from its start to its end, and what those who look at it see meanwhile.
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
    return toIterable((left) => this.#takeEvents(left));
  }

  keys(): readonly KeyStatus[] {
    return this.#readKeys();
  }

  results(): AsyncIterable<FinishedSubject> {
    return toIterable((left) => this.#takeResults(left));
  }

  stop(): Promise<RunSummary> {
    this.#stop.abort();
    return this.finished;
  }

  async *#takeEvents(left: AbortSignal): AsyncGenerator<RunEvent> {
    this.#tellFailureHere();
    using listener = this.#events.listen(left);
    yield* listener.take();
  }

  async *#takeResults(left: AbortSignal): AsyncGenerator<FinishedSubject> {
    this.#tellFailureHere();
    using listener = this.#feed.listen(left);
    yield* this.#readEnded(listener.ended);
    yield* listener.live();
    yield* this.#readEnded(listener.rest());
  }

  /** Who takes events or results is told of a failure there, and need not look at `finished` too. */
  #tellFailureHere(): void {
    this.finished.catch(() => {});
  }

  async *#readEnded(selection: Selection | undefined): AsyncGenerator<FinishedSubject> {
    if (!this.#open || !selection) return;
    const { prepared, directory, opened } = this.#open;
    // Not the run's own: that may close at any moment.
    const journal = openJournalReader(directory, opened.runId);
    try {
      yield* readEnded(selection, { ...prepared, journal });
    } finally {
      await journal.close();
    }
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
      const summary = await this.#openAndFinish();
      if (summary.status === "completed" || summary.status === "failed") this.#feed.end();
      else this.#feed.endEarly();
      this.#events.end();
      return summary;
    } catch (error) {
      this.#feed.fail(error);
      this.#events.fail(error);
      throw error;
    }
  }

  async #openAndFinish(): Promise<RunSummary> {
    const run = await openRun(this.#options, this.#tell);
    this.#open = run;
    try {
      const summary = await finishRun(run, {
        onEvent: this.#tell,
        feed: this.#feed,
        stopSignals: [this.#stop.signal, this.#options.signal].filter(
          (signal) => signal !== undefined,
        ),
        onKeys: (readKeys) => {
          this.#readKeys = readKeys;
        },
      });
      if (this.#watcherError) throw this.#watcherError.error;
      return summary;
    } finally {
      await run.opened.journal.close();
    }
  }
}
