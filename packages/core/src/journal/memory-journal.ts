import type {
  CallId,
  CallRecord,
  CallResult,
  CallStatus,
  Journal,
  JournalTotals,
} from "../vocabulary/journal.ts";

interface Call {
  readonly id: CallId;
  attempts: number;
  unanswered: number;
  result: CallResult | undefined;
}

/** A journal that is gone with the process: for runs in virtual time. */
export class MemoryJournal implements Journal {
  readonly #calls = new Map<string, Call>();
  /** What forgotten results had cost. */
  readonly #forgotten: CallResult[] = [];

  async recordSend(id: CallId): Promise<void> {
    const call = this.#callOf(id);
    call.attempts += 1;
    call.unanswered += 1;
  }

  recordRefusal(id: CallId): void {
    const call = this.#callOf(id);
    call.unanswered = Math.max(0, call.unanswered - 1);
  }

  async recordResult(id: CallId, result: CallResult): Promise<void> {
    this.#callOf(id).result = result;
  }

  readRowCalls(from: number, to: number): readonly CallRecord[] {
    return [...this.#calls.values()]
      .filter(({ id }) => id.subject.per === "row" && inRange(id.subject.ordinal, from, to))
      .toSorted((a, b) => ordinalOf(a) - ordinalOf(b))
      .map((call) => ({ ...call }));
  }

  readRunCalls(): readonly CallRecord[] {
    return [...this.#calls.values()].filter(({ id }) => id.subject.per === "run");
  }

  readTotals(stepsPerRow: number): JournalTotals {
    const calls = [...this.#calls.values()];
    const results = [...calls.flatMap(({ result }) => result ?? []), ...this.#forgotten];
    return {
      rowsReached: Math.max(0, ...calls.map((call) => ordinalOf(call) + 1)),
      rows: countRows(calls, stepsPerRow),
      attempts: sum(calls, (call) => call.attempts),
      openCalls: calls.filter(({ result, unanswered }) => !result && unanswered > 0).length,
      usage: {
        inputTokens: sum(results, ({ usage }) => usage?.inputTokens ?? 0),
        cachedInputTokens: sum(results, ({ usage }) => usage?.cachedInputTokens ?? 0),
        outputTokens: sum(results, ({ usage }) => usage?.outputTokens ?? 0),
      },
      costUsd: sum(results, ({ costUsd }) => costUsd ?? 0),
      unpricedCalls: results.filter(({ usage, costUsd }) => usage && costUsd === undefined).length,
    };
  }

  forgetFailures(): void {
    const failed = new Set(
      [...this.#calls.values()].filter((call) => isFailure(call)).map(ordinalOf),
    );
    for (const call of this.#calls.values()) {
      const ofRun = call.id.subject.per === "run";
      const ofFailedRow = call.result?.status !== "done" && failed.has(ordinalOf(call));
      if (!call.result || !(ofRun || ofFailedRow)) continue;
      this.#forgotten.push(call.result);
      call.result = undefined;
      call.unanswered = 0;
    }
  }

  async close(): Promise<void> {}

  #callOf(id: CallId): Call {
    const name = `${id.subject.per === "row" ? id.subject.ordinal : "run"}/${id.step}`;
    let call = this.#calls.get(name);
    if (!call) {
      call = { id, attempts: 0, unanswered: 0, result: undefined };
      this.#calls.set(name, call);
    }
    return call;
  }
}

function ordinalOf({ id }: Call): number {
  return id.subject.per === "row" ? id.subject.ordinal : -1;
}

function isFailure({ result }: Call): boolean {
  return result?.status === "failed" || result?.status === "uncertain";
}

function inRange(ordinal: number, from: number, to: number): boolean {
  return ordinal >= from && ordinal < to;
}

function countRows(calls: readonly Call[], stepsPerRow: number): Record<CallStatus, number> {
  const rows = { done: 0, failed: 0, skipped: 0, uncertain: 0 };
  const byRow = Map.groupBy(
    calls.filter(({ id, result }) => id.subject.per === "row" && result),
    ordinalOf,
  );
  for (const ofRow of byRow.values()) {
    if (ofRow.length < stepsPerRow) continue;
    const statuses = new Set(ofRow.map(({ result }) => result?.status));
    const order = ["failed", "uncertain", "done"] as const;
    rows[order.find((status) => statuses.has(status)) ?? "skipped"] += 1;
  }
  return rows;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
