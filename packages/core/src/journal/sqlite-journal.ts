import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { StorageError } from "../vocabulary/error.ts";
import type {
  CallId,
  CallRecord,
  CallResult,
  Journal,
  JournalTotals,
  Subject,
} from "../vocabulary/journal.ts";
import { GroupCommit } from "./group-commit.ts";
import { toCallRecord } from "./read-call.ts";
import type { RunLock } from "./run-lock.ts";
import { prepareStatements, RUN_ORDINAL, type Statements } from "./statements.ts";
import { StepNumbers } from "./step-numbers.ts";

type Entry =
  | { readonly kind: "send"; readonly id: CallId; readonly key: string }
  | { readonly kind: "refusal"; readonly id: CallId }
  | { readonly kind: "result"; readonly id: CallId; readonly result: CallResult };

/** The journal of a run in one SQLite database, written in groups (see `GroupCommit`). */
export class SqliteJournal implements Journal {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #lock: RunLock;
  readonly #steps: StepNumbers;
  readonly #commit: GroupCommit<Entry>;
  readonly #statements: Statements;
  #closed = false;

  constructor(file: string, database: DatabaseSync, lock: RunLock) {
    this.#file = file;
    this.#database = database;
    this.#lock = lock;
    this.#steps = new StepNumbers(database);
    this.#statements = prepareStatements(database);
    this.#commit = new GroupCommit(
      (entries) => this.#write(entries),
      (cause) => this.#toError("written", cause),
    );
  }

  recordSend(id: CallId, key: string): Promise<void> {
    return this.#commit.add({ kind: "send", id, key });
  }

  recordRefusal(id: CallId): void {
    void this.#commit.add({ kind: "refusal", id }).catch(() => {
      // Whoever records the call's next send or result is told of the failure.
    });
  }

  recordResult(id: CallId, result: CallResult): Promise<void> {
    return this.#commit.add({ kind: "result", id, result });
  }

  readRowCalls(from: number, to: number): readonly CallRecord[] {
    return this.#readCalls(Math.max(0, from), to);
  }

  readRunCalls(): readonly CallRecord[] {
    return this.#readCalls(RUN_ORDINAL, 0);
  }

  readTotals(stepsPerRow: number): JournalTotals {
    return this.#guard("read", () => {
      this.#commit.flush();
      const sums = this.#statements.sums.get() ?? {};
      const rows = { done: 0, failed: 0, skipped: 0, uncertain: 0 };
      for (const counted of this.#statements.rows.all(stepsPerRow)) {
        const { status, count } = counted;
        if (isStatus(status)) rows[status] = Number(count);
      }
      return {
        rows,
        rowsReached: Number(sums["rows_reached"] ?? 0),
        attempts: Number(sums["attempts"] ?? 0),
        openCalls: Number(sums["open_calls"] ?? 0),
        usage: {
          inputTokens: Number(sums["input_tokens"] ?? 0),
          cachedInputTokens: Number(sums["cached_input_tokens"] ?? 0),
          outputTokens: Number(sums["output_tokens"] ?? 0),
        },
        costUsd: Number(sums["cost_usd"] ?? 0),
        unpricedCalls: Number(sums["unpriced_calls"] ?? 0),
      };
    });
  }

  forgetFailures(): void {
    this.#guard("written", () => {
      this.#commit.flush();
      this.#commit.throwIfFailed();
      this.#statements.forgetFailures.run();
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#commit.flush();
    try {
      this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // What was committed is safe in the write-ahead log; the next opening reads it from there.
    } finally {
      this.#database.close();
      this.#lock.release();
    }
  }

  #write(entries: readonly Entry[]): void {
    this.#database.exec("BEGIN IMMEDIATE");
    for (const entry of entries) this.#writeEntry(entry);
    this.#database.exec("COMMIT");
  }

  #writeEntry(entry: Entry): void {
    const ordinal = toOrdinal(entry.id.subject);
    const step = this.#steps.numberOf(entry.id.step);
    switch (entry.kind) {
      case "send":
        this.#statements.send.run(ordinal, step, entry.key);
        return;
      case "refusal":
        this.#statements.refusal.run(ordinal, step);
        return;
      case "result":
        this.#statements.result.run(ordinal, step, ...toColumns(entry.result));
    }
  }

  #readCalls(from: number, to: number): readonly CallRecord[] {
    return this.#guard("read", () => {
      this.#commit.flush();
      return this.#statements.calls.all(from, to).map(toCallRecord);
    });
  }

  #guard<T>(verb: "read" | "written", work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw cause instanceof StorageError ? cause : this.#toError(verb, cause);
    }
  }

  #toError(verb: "read" | "written", cause: unknown): StorageError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new StorageError(
      `The journal ${this.#file} could not be ${verb}: ${reason}. ` +
        "Make room on the disk and check its permissions, then type the same command again: " +
        "what was finished is kept.",
      { cause },
    );
  }
}

function toOrdinal(subject: Subject): number {
  return subject.per === "row" ? subject.ordinal : RUN_ORDINAL;
}

type Totalled = keyof JournalTotals["rows"];

function isStatus(value: unknown): value is Totalled {
  return value === "done" || value === "failed" || value === "skipped" || value === "uncertain";
}

/** In the order of the columns in the `result` statement. */
function toColumns(result: CallResult): SQLInputValue[] {
  const { error, usage } = result;
  return [
    result.key ?? null,
    result.status,
    result.text ?? null,
    error?.code ?? null,
    error?.message ?? null,
    result.reason ?? null,
    result.finishReason ?? null,
    usage?.inputTokens ?? null,
    usage?.cachedInputTokens ?? null,
    usage?.outputTokens ?? null,
    result.costUsd ?? null,
    result.latencyMs ?? null,
  ];
}
