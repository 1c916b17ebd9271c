import type { Clock } from "../vocabulary/clock.ts";
import type { OnEvent, StopReason } from "../vocabulary/event.ts";

/** Thrown out of waits and sends when the run is being stopped: the work stays open in the journal. */
export class RunStopped extends Error {
  readonly reason: StopReason;

  constructor(reason: StopReason, message: string) {
    super(message);
    this.name = "RunStopped";
    this.reason = reason;
  }
}

/** A cancelled CI job is killed after 7.5 s: what is in flight gets this long to be answered. */
const INTERRUPTED_GRACE_MS = 3_000;

/**
 * How a run ends before its rows do.
 *
 *     running ──stop──▶ finishing ──grace over──▶ aborting
 *        ├───failAfterCalls───▲                     ▲
 *        └────────────fail──────────────────────────┘
 *
 * - running: rows are fed, calls are sent.
 * - finishing: nothing new is sent; waits end at once; calls in flight may still be answered.
 * - aborting: calls in flight are cut off too.
 *
 * The first reason stands. Only an interruption has a grace period, also one that comes while the run
 * is finishing: for any other reason the calls in flight, which are paid for, end by their own
 * time-out.
 */
export class RunControl {
  readonly #finishing = new AbortController();
  readonly #aborting = new AbortController();
  readonly #clock: Clock;
  readonly #onEvent: OnEvent;
  #stopped: RunStopped | undefined;
  #failure: { readonly error: unknown } | undefined;
  #cancelGrace: (() => void) | undefined;

  constructor(clock: Clock, onEvent: OnEvent) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  /** Aborted as soon as nothing new may be sent. */
  get finishing(): AbortSignal {
    return this.#finishing.signal;
  }

  /** Aborted when calls in flight are to be cut off. */
  get aborting(): AbortSignal {
    return this.#aborting.signal;
  }

  get stopped(): RunStopped | undefined {
    return this.#stopped;
  }

  /** @returns what to throw out of the work at hand. */
  stop(reason: StopReason, message: string): RunStopped {
    const stopped = this.#stopped ?? new RunStopped(reason, message);
    if (!this.#stopped) {
      this.#stopped = stopped;
      this.#onEvent({ kind: "run-stopping", reason, message });
      this.#finishing.abort(stopped);
    }
    if (reason === "interrupted") {
      this.#cancelGrace ??= this.#clock.schedule(INTERRUPTED_GRACE_MS, () =>
        this.#aborting.abort(stopped),
      );
    }
    return stopped;
  }

  /**
   * Ends the run for what does not touch the calls in flight, such as rows that cannot be read: those
   * calls are paid for, and may be answered. The first failure stands.
   */
  failAfterCalls(error: unknown): void {
    if (error instanceof RunStopped) return;
    this.#failure ??= { error };
    this.#finishing.abort(error);
  }

  /** Ends everything at once: the disk failed, or there is a bug. The first failure stands. */
  fail(error: unknown): void {
    // What waited was thrown the failure that ended its wait.
    const isKnown = this.#failure !== undefined && error === this.#failure.error;
    if (error instanceof RunStopped || isKnown) return;
    this.#failure ??= { error };
    this.#finishing.abort(error);
    this.#aborting.abort(error);
  }

  /**
   * To be called when all work has ended.
   * @throws what `fail` was given, if anything.
   */
  settle(): void {
    this.#cancelGrace?.();
    if (this.#failure) throw this.#failure.error;
  }
}
