import type {
  CallId,
  CallRecord,
  CallResult,
  CallStatus,
  Journal,
  JournalTotals,
} from "../src/vocabulary/journal.ts";

interface Call {
  readonly id: CallId;
  attempts: number;
  unanswered: number;
  /** The most that the last send can cost, and those before it, while their cost is not known. */
  atStakeUsd: number;
  unknownUsd: number;
  result: CallResult | undefined;
}

/** The calls of one row, or of the run, by step, in the order they were first recorded. */
type Calls = Map<string, Call>;

/** A journal for runs under a virtual clock. It outlives `close`, so that such a run can be resumed. */
export class MemoryJournal implements Journal {
  readonly #rows = new Map<number, Calls>();
  readonly #run: Calls = new Map();
  #rowsReached = 0;
  #paid = {
    usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
    costUsd: 0,
    unpricedCalls: 0,
  };

  async recordSend(id: CallId, _key?: string, worstCaseUsd = 0): Promise<void> {
    const call = this.#obtainCall(id);
    call.attempts += 1;
    call.unanswered += 1;
    call.unknownUsd += call.atStakeUsd;
    call.atStakeUsd = worstCaseUsd;
  }

  recordRefusal(id: CallId): void {
    const call = this.#callsOf(id)?.get(id.step);
    if (!call) return;
    call.unanswered = Math.max(0, call.unanswered - 1);
    call.atStakeUsd = 0;
  }

  async recordResult(id: CallId, result: CallResult): Promise<void> {
    const call = this.#obtainCall(id);
    call.result = result;
    if (result.costUsd !== undefined) call.atStakeUsd = 0;
    this.#addPayment(result);
  }

  readRowCalls(from: number, to: number): readonly CallRecord[] {
    const calls: CallRecord[] = [];
    for (let ordinal = Math.max(0, from); ordinal < Math.min(to, this.#rowsReached); ordinal += 1) {
      for (const call of this.#rows.get(ordinal)?.values() ?? []) calls.push(copyCall(call));
    }
    return calls;
  }

  readRunCalls(): readonly CallRecord[] {
    return [...this.#run.values()].map(copyCall);
  }

  readTotals(stepsPerRow: number): JournalTotals {
    const rows = { done: 0, failed: 0, skipped: 0, uncertain: 0 };
    let attempts = 0;
    let openCalls = 0;
    let unknownCostUsd = 0;
    for (const calls of [this.#run, ...this.#rows.values()]) {
      for (const call of calls.values()) {
        attempts += call.attempts;
        unknownCostUsd += call.atStakeUsd + call.unknownUsd;
        if (!call.result && call.unanswered > 0) openCalls += 1;
      }
    }
    for (const calls of this.#rows.values()) {
      const statuses = readStatuses(calls);
      if (statuses.length > 0 && statuses.length >= stepsPerRow) rows[summarise(statuses)] += 1;
    }
    const rowsReached = this.#rowsReached;
    return { rowsReached, rows, attempts, openCalls, unknownCostUsd, ...this.#paid };
  }

  forgetFailures(): void {
    for (const call of this.#run.values()) if (call.result) forgetResult(call);
    for (const calls of this.#rows.values()) {
      const statuses = readStatuses(calls);
      if (!statuses.includes("failed") && !statuses.includes("uncertain")) continue;
      for (const call of calls.values()) {
        if (call.result && call.result.status !== "done") forgetResult(call);
      }
    }
  }

  async close(): Promise<void> {}

  #callsOf({ subject }: CallId): Calls | undefined {
    return subject.per === "run" ? this.#run : this.#rows.get(subject.ordinal);
  }

  #obtainCall(id: CallId): Call {
    const calls = this.#callsOf(id) ?? new Map<string, Call>();
    if (id.subject.per === "row") {
      this.#rows.set(id.subject.ordinal, calls);
      this.#rowsReached = Math.max(this.#rowsReached, id.subject.ordinal + 1);
    }
    const call = calls.get(id.step) ?? newCall(id);
    calls.set(id.step, call);
    return call;
  }

  #addPayment({ usage, costUsd, text }: CallResult): void {
    const paid = this.#paid;
    this.#paid = {
      usage: {
        inputTokens: paid.usage.inputTokens + (usage?.inputTokens ?? 0),
        cachedInputTokens: paid.usage.cachedInputTokens + (usage?.cachedInputTokens ?? 0),
        outputTokens: paid.usage.outputTokens + (usage?.outputTokens ?? 0),
      },
      costUsd: paid.costUsd + (costUsd ?? 0),
      unpricedCalls:
        paid.unpricedCalls +
        (costUsd === undefined && (usage !== undefined || text !== undefined) ? 1 : 0),
    };
  }
}

function newCall(id: CallId): Call {
  return { id, attempts: 0, unanswered: 0, atStakeUsd: 0, unknownUsd: 0, result: undefined };
}

/** What is handed out does not change when the call goes on. */
function copyCall({ id, attempts, unanswered, result }: Call): CallRecord {
  return { id, attempts, unanswered, result };
}

function readStatuses(calls: Calls): CallStatus[] {
  return [...calls.values()].flatMap(({ result }) => (result ? [result.status] : []));
}

/** The status of a row, given those of its calls. */
function summarise(statuses: readonly CallStatus[]): CallStatus {
  const order = ["failed", "uncertain", "done"] as const;
  return order.find((status) => statuses.includes(status)) ?? "skipped";
}

function forgetResult(call: Call): void {
  call.result = undefined;
  call.unanswered = 0;
}
