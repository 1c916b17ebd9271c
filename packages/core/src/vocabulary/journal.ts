import type { CallErrorCode } from "./provider.ts";
import type { Subject } from "./subject.ts";
import type { TokenUsage } from "./usage.ts";

export interface CallId {
  readonly step: string;
  readonly subject: Subject;
}

/**
 * How a call ended. `done` has text; `failed` has an error, and the text too if it was paid for;
 * `skipped` was never sent; `uncertain` was sent by a process that died, and is not sent again.
 */
export type CallStatus = "done" | "failed" | "skipped" | "uncertain";

/** A subject is what weighs most among its calls: errors, then doubt; of which nothing was asked, skipped. */
export const STATUSES_BY_WEIGHT: readonly CallStatus[] = ["failed", "uncertain", "done", "skipped"];

/** The status of a subject, given those of its calls. */
export function weighStatuses(statuses: Iterable<CallStatus>): CallStatus {
  let heaviest = STATUSES_BY_WEIGHT.length - 1;
  for (const status of statuses) heaviest = Math.min(heaviest, STATUSES_BY_WEIGHT.indexOf(status));
  return STATUSES_BY_WEIGHT[heaviest] ?? "skipped";
}

/** How many of some subjects there are, and how they ended. */
export type SubjectCounts = Readonly<Record<"total" | CallStatus, number>>;

export interface CallResult {
  readonly status: CallStatus;
  /** Hash of the request that it answers: it counts for that request only. Undefined when none was made. */
  readonly request?: string | undefined;
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
   * Sends of which nothing is known: each `recordSend` adds one, a `recordRefusal` or
   * `takeBackSend` takes back the last. Above 0 without a result, the call may have been processed. Bounds what a call that
   * kills its process, or always times out, can cost over all processes.
   */
  readonly unanswered: number;
  readonly result: CallResult | undefined;
}

/** What a resumed run must have in common with the one it continues: a name and a hash each. */
export type Fingerprints = Readonly<Record<string, string>>;

/** Which calls to read. */
export type CallSelection =
  /** Those about rows from one ordinal up to another, which is left out. All rows, by default. */
  | { readonly per: "row"; readonly from?: number; readonly to?: number }
  | Exclude<Subject, { readonly per: "row" }>;

/** What can be read of a run, while it goes on and after. */
export interface JournalReader {
  /**
   * The calls about some subjects: by row, and then in the order in which they were first recorded.
   * They are read as fast as they are taken, a few at a time, and may be left half-way.
   * @throws StorageError
   */
  readCalls(selection: CallSelection): AsyncIterable<CallRecord>;
  /**
   * What the journal holds so far, in a few numbers.
   * @param rowSteps the steps whose results make a row complete; only complete rows are counted
   * @throws StorageError
   */
  readTotals(rowSteps: readonly string[]): Promise<JournalTotals>;
  /** Lets go of what it holds; the second time does nothing. */
  close(): Promise<void>;
}

/** What is recorded of a send. */
export interface SendRecord {
  /** The name of the key that it goes out on. */
  readonly key: string;
  /** The most that it can cost, in US dollars; 0 where no price is known. */
  readonly worstCaseUsd: number;
}

/** Port: the crash-safe record of one run. Reads see all that was recorded before them. */
export interface Journal extends JournalReader {
  /**
   * Records that a call is about to be sent. Resolves when that is durable: only then send. A call
   * about a row that holds something else than the one recorded in its place begins anew.
   * @throws StorageError
   */
  recordSend(id: CallId, send: SendRecord): Promise<void>;
  /** Records a definite refusal, so that the call is not taken for uncertain. Durable with the next commit. */
  recordRefusal(id: CallId): void;
  /** Undoes the record of a send that was not made after all: it is no attempt. Durable with the next commit. */
  takeBackSend(id: CallId): void;
  /**
   * Records how a call ended. Resolves when that is durable: only then go on.
   * @throws StorageError
   */
  recordResult(id: CallId, result: CallResult): Promise<void>;
  /**
   * Forgets the failed, skipped and uncertain results of every row that has a failed or uncertain
   * one, and those of groups and the run, so that they are tried again. Attempts, usage and cost
   * stay counted.
   * @throws StorageError
   */
  forgetFailures(): Promise<void>;
}

export interface JournalTotals {
  /** Complete rows, each with the status that weighs most among its calls. */
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
