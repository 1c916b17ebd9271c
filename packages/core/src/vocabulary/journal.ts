import type { CallErrorCode } from "./provider.ts";
import type { TokenUsage } from "./usage.ts";

/** What a call is about: one row, or the whole run. */
export type Subject = { readonly per: "row"; readonly ordinal: number } | { readonly per: "run" };

export interface CallId {
  readonly step: string;
  readonly subject: Subject;
}

/**
 * How a call ended. `done` has text; `failed` has an error, and the text too if it was paid for;
 * `skipped` was never sent; `uncertain` was sent by a process that died, and is not sent again.
 */
export type CallStatus = "done" | "failed" | "skipped" | "uncertain";

export interface CallResult {
  readonly status: CallStatus;
  readonly text?: string | undefined;
  readonly error?: { readonly code: CallErrorCode; readonly message: string } | undefined;
  /** For `skipped`: why, for people. */
  readonly reason?: string | undefined;
  readonly finishReason?: string | undefined;
  readonly usage?: TokenUsage | undefined;
  /** Undefined when the model's price is not known. */
  readonly costUsd?: number | undefined;
  /** From sending to the last byte, of the last attempt. Milliseconds. */
  readonly latencyMs?: number | undefined;
  readonly key?: string | undefined;
}

/** A call as the journal knows it. */
export interface CallRecord {
  readonly id: CallId;
  /** Times it was sent, over all processes. */
  readonly attempts: number;
  /**
   * Sends of which nothing is known: each `recordSend` adds one, a `recordRefusal` takes back the
   * last. Above 0 without a result, the call may have been processed. Bounds what a call that
   * kills its process, or always times out, can cost over all processes.
   */
  readonly unanswered: number;
  readonly result: CallResult | undefined;
}

/** What a resumed run must have in common with the one it continues: a name and a hash each. */
export type Fingerprints = Readonly<Record<string, string>>;

/** Port: the crash-safe record of one run. */
export interface Journal {
  /**
   * Records that a call is about to be sent. Resolves when that is durable: only then send.
   * @param worstCaseUsd the most that it can cost; 0, the default, where no price is known
   * @throws StorageError
   */
  recordSend(id: CallId, key: string, worstCaseUsd?: number): Promise<void>;
  /** Records a definite refusal, so that the call is not taken for uncertain. Durable with the next commit. */
  recordRefusal(id: CallId): void;
  /**
   * Records how a call ended. Resolves when that is durable: only then go on.
   * @throws StorageError
   */
  recordResult(id: CallId, result: CallResult): Promise<void>;
  /** The calls on rows `from` to `to` (exclusive), by row and then in the order they were first recorded. */
  readRowCalls(from: number, to: number): readonly CallRecord[];
  readRunCalls(): readonly CallRecord[];
  /**
   * What the journal holds so far, in a few numbers.
   * @param stepsPerRow results that make a row complete; only complete rows are counted
   */
  readTotals(stepsPerRow: number): JournalTotals;
  /**
   * Forgets the failed, skipped and uncertain results of every row that has a failed or uncertain
   * one, and all results of the run itself, which looked at them, so that they are tried again.
   * Attempts, usage and cost stay counted.
   */
  forgetFailures(): void;
  /** Flushes, checkpoints and releases the lock. */
  close(): Promise<void>;
}

export interface JournalTotals {
  /** One more than the largest row ordinal with a record; 0 for an empty journal. */
  readonly rowsReached: number;
  /** Complete rows. One is failed if a call of it failed, else uncertain, else done, else skipped. */
  readonly rows: Readonly<Record<CallStatus, number>>;
  readonly attempts: number;
  /** Calls without a result whose sends stand unanswered. */
  readonly openCalls: number;
  readonly usage: TokenUsage;
  readonly costUsd: number;
  /** The most that sends may have cost besides: of them no answer with a cost is known, and no refusal. */
  readonly unknownCostUsd: number;
  /** Calls with a result whose cost is not known though they were paid for. */
  readonly unpricedCalls: number;
}
