import type { RunEvent } from "@rota/core";

/** How far a run is, from the events of this process. */
export interface Progress {
  /** Undefined until the run has started. */
  readonly rowsTotal: number | undefined;
  /** Ended rows, those of earlier processes included. */
  readonly rowsEnded: number;
  /** Rows of this process that failed. */
  readonly rowsFailed: number;
  readonly callsSent: number;
  /** Sends that a rate limit refused. */
  readonly callsThrottled: number;
  readonly costUsd: number;
  /** What calls of unknown cost may have cost besides. */
  readonly maxFurtherCostUsd: number;
  /** True when a call was paid for at a price that is not known. */
  readonly isCostPartial: boolean;
  /** Rows a second, lately. Undefined until it can be told. */
  readonly rowsPerSecond: number | undefined;
  /** Milliseconds until the last row, at that rate. Undefined until it can be told. */
  readonly timeLeftMs: number | undefined;
  readonly elapsedMs: number;
  /** Why the run is stopping, for people. */
  readonly stopping: string | undefined;
  readonly lastFailure: FailedSubject | undefined;
}

/** A row or group that failed. */
export interface FailedSubject {
  /** `line 12`, or `group kettle`. */
  readonly place: string;
  readonly step: string;
  readonly code: string;
  readonly message: string;
}

/** How many failed rows are kept to be shown. */
const SHOWN_FAILURES = 5;

/** The rate is that of this last while, in milliseconds: long enough to be calm, short enough to be true. */
const RATE_WINDOW_MS = 20_000;
/** Samples within the window; more would not change the rate. */
const SAMPLE_EVERY_MS = 250;
/** Earlier, a rate would be a guess. */
const RATE_AFTER_MS = 1_000;

/**
 * Adds up the events of a run. Counting starts at `run-started`; `read` may be called at any time
 * and also takes the samples from which the rate is told.
 */
export class ProgressTracker {
  readonly #now: () => number;
  readonly #startedAtMs: number;
  #rowsTotal: number | undefined;
  #rowsBefore = 0;
  #rowsEnded = 0;
  #rowsFailed = 0;
  #callsSent = 0;
  #callsThrottled = 0;
  #costUsd = 0;
  #maxFurtherCostUsd = 0;
  #isCostPartial = false;
  #stopping: string | undefined;
  #failures: FailedSubject[] = [];
  #lastFailure: FailedSubject | undefined;
  /** Ended rows over time, oldest first, of the last window. */
  #samples: { atMs: number; rowsEnded: number }[] = [];

  /** @param now Milliseconds of any monotonic clock. */
  constructor(now: () => number) {
    this.#now = now;
    this.#startedAtMs = now();
  }

  /** The first failed rows of this process. */
  get failures(): readonly FailedSubject[] {
    return this.#failures;
  }

  /** Rows that this process ended. */
  get rowsEnded(): number {
    return this.#rowsEnded - this.#rowsBefore;
  }

  handle(event: RunEvent): void {
    switch (event.kind) {
      case "run-started":
        this.#rowsTotal = event.rows;
        this.#rowsBefore = event.rowsDone;
        this.#rowsEnded = event.rowsDone;
        this.#samples = [{ atMs: this.#now(), rowsEnded: event.rowsDone }];
        return;
      case "call-sent":
        this.#callsSent++;
        return;
      case "call-refused":
        if (event.class === "throttled" || event.class === "ramp-too-steep") this.#callsThrottled++;
        return;
      case "call-ended":
        this.#costUsd += event.costUsd ?? 0;
        this.#isCostPartial ||= event.usage !== undefined && event.costUsd === undefined;
        return;
      case "cost-unknown":
        this.#maxFurtherCostUsd += event.maxCostUsd;
        return;
      case "row-ended":
        this.#endRow(event);
        return;
      case "run-stopping":
        this.#stopping = event.message;
        return;
      case "group-ended":
        if (event.error) this.#addFailure({ place: `group ${event.key}`, ...event.error });
        return;
      case "key-rejected":
      case "notice":
      case "secret-masked":
      case "outputs-written":
        return;
    }
  }

  read(): Progress {
    const nowMs = this.#now();
    this.#takeSample(nowMs);
    const rowsPerSecond = this.#rate(nowMs);
    const rowsLeft = (this.#rowsTotal ?? 0) - this.#rowsEnded;
    return {
      rowsTotal: this.#rowsTotal,
      rowsEnded: this.#rowsEnded,
      rowsFailed: this.#rowsFailed,
      callsSent: this.#callsSent,
      callsThrottled: this.#callsThrottled,
      costUsd: this.#costUsd,
      maxFurtherCostUsd: this.#maxFurtherCostUsd,
      isCostPartial: this.#isCostPartial,
      rowsPerSecond,
      timeLeftMs: rowsPerSecond ? (rowsLeft / rowsPerSecond) * 1000 : undefined,
      elapsedMs: nowMs - this.#startedAtMs,
      stopping: this.#stopping,
      lastFailure: this.#lastFailure,
    };
  }

  #endRow(event: Extract<RunEvent, { kind: "row-ended" }>): void {
    this.#rowsEnded++;
    if (event.status !== "failed") return;
    this.#rowsFailed++;
    if (event.error) this.#addFailure({ place: `line ${event.line}`, ...event.error });
  }

  #addFailure(failure: FailedSubject): void {
    this.#lastFailure = failure;
    if (this.#failures.length < SHOWN_FAILURES) this.#failures.push(failure);
  }

  #takeSample(nowMs: number): void {
    const last = this.#samples.at(-1);
    if (!last || nowMs - last.atMs < SAMPLE_EVERY_MS) return;
    this.#samples.push({ atMs: nowMs, rowsEnded: this.#rowsEnded });
    const second = this.#samples[1];
    if (second && nowMs - second.atMs > RATE_WINDOW_MS) this.#samples.shift();
  }

  #rate(nowMs: number): number | undefined {
    const oldest = this.#samples[0];
    if (!oldest || nowMs - oldest.atMs < RATE_AFTER_MS) return undefined;
    return ((this.#rowsEnded - oldest.rowsEnded) / (nowMs - oldest.atMs)) * 1000;
  }
}
