import {
  weighStatuses,
  type CallId,
  type CallRecord,
  type CallResult,
  type CallSelection,
  type CallStatus,
  type Journal,
  type JournalTotals,
  type SendRecord,
} from "../src/vocabulary/journal.ts";
import type { Subject } from "../src/vocabulary/subject.ts";

interface Call {
  readonly id: CallId;
  attempts: number;
  unanswered: number;
  /** The most that the last send can cost, and those before it, while their cost is not known. */
  atStakeUsd: number;
  unknownUsd: number;
  result: CallResult | undefined;
}

/** The calls about one subject by step, in the order they were first recorded. */
type Calls = Map<string, Call>;

/** A journal for runs under a virtual clock. It outlives `close`, so that such a run can be resumed. */
export class MemoryJournal implements Journal {
  /** By place: rows by ordinal, whatever they hold. */
  readonly #subjects = new Map<string, Calls>();
  #paid = {
    usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
    costUsd: 0,
    unpricedCalls: 0,
  };

  async recordSend(id: CallId, { worstCaseUsd }: SendRecord): Promise<void> {
    const call = this.#obtainCall(id);
    call.attempts += 1;
    call.unanswered += 1;
    call.unknownUsd += call.atStakeUsd;
    call.atStakeUsd = worstCaseUsd;
  }

  recordRefusal({ subject, step }: CallId): void {
    const call = this.#subjects.get(toPlace(subject))?.get(step);
    if (!call) return;
    call.unanswered = Math.max(0, call.unanswered - 1);
    call.atStakeUsd = 0;
  }

  takeBackSend(id: CallId): void {
    this.recordRefusal(id);
    const call = this.#subjects.get(toPlace(id.subject))?.get(id.step);
    if (call) call.attempts = Math.max(0, call.attempts - 1);
  }

  async recordResult(id: CallId, result: CallResult): Promise<void> {
    const call = this.#obtainCall(id);
    call.result = result;
    if (result.costUsd !== undefined) call.atStakeUsd = 0;
    this.#addPayment(result);
  }

  async *readCalls(selection: CallSelection): AsyncGenerator<CallRecord> {
    if (selection.per !== "row") {
      for (const call of this.#subjects.get(toPlace(selection))?.values() ?? []) {
        yield copyCall(call);
      }
      return;
    }
    const { from = 0, to = Infinity } = selection;
    const rows = [...this.#listSubjects("row")].flatMap((calls) => [...calls.values()]);
    for (const call of rows.toSorted((a, b) => ordinalOf(a) - ordinalOf(b))) {
      if (ordinalOf(call) >= from && ordinalOf(call) < to) yield copyCall(call);
    }
  }

  async readTotals(rowSteps: readonly string[]): Promise<JournalTotals> {
    const rows = { done: 0, failed: 0, skipped: 0, uncertain: 0 };
    let attempts = 0;
    let openCalls = 0;
    let unknownCostUsd = 0;
    for (const calls of this.#subjects.values()) {
      for (const call of calls.values()) {
        attempts += call.attempts;
        unknownCostUsd += call.atStakeUsd + call.unknownUsd;
        if (!call.result && call.unanswered > 0) openCalls += 1;
      }
    }
    for (const calls of this.#listSubjects("row")) {
      const statuses = readStatuses(calls, rowSteps);
      if (statuses.length === rowSteps.length) rows[weighStatuses(statuses)] += 1;
    }
    return { rows, attempts, openCalls, unknownCostUsd, ...this.#paid };
  }

  async forgetFailures(): Promise<void> {
    for (const calls of this.#subjects.values()) {
      const isRow = [...calls.values()].some(({ id }) => id.subject.per === "row");
      const statuses = readStatuses(calls);
      if (isRow && !statuses.includes("failed") && !statuses.includes("uncertain")) continue;
      for (const call of calls.values()) {
        if (call.result && call.result.status !== "done") forgetResult(call);
      }
    }
  }

  async close(): Promise<void> {}

  *#listSubjects(per: Subject["per"]): Generator<Calls> {
    for (const [place, calls] of this.#subjects) if (place.startsWith(per)) yield calls;
  }

  #obtainCall(id: CallId): Call {
    const place = toPlace(id.subject);
    const calls: Calls = this.#subjects.get(place) ?? new Map();
    this.#subjects.set(place, calls);
    const known = calls.get(id.step);
    const call = known && isSameRow(known.id, id) ? known : newCall(id, known);
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

function toPlace(subject: Subject | CallSelection): string {
  switch (subject.per) {
    case "row":
      return `row ${"ordinal" in subject ? subject.ordinal : ""}`;
    case "group":
      return `group ${JSON.stringify([subject.by, subject.key])}`;
    case "run":
      return "run";
  }
}

function ordinalOf({ id: { subject } }: Call): number {
  return subject.per === "row" ? subject.ordinal : -1;
}

/** Another row in the same place is another subject. */
function isSameRow({ subject: a }: CallId, { subject: b }: CallId): boolean {
  return a.per !== "row" || b.per !== "row" || a.content === b.content;
}

function newCall(id: CallId, before: Call | undefined): Call {
  const unknownUsd = before ? before.atStakeUsd + before.unknownUsd : 0;
  return { id, attempts: 0, unanswered: 0, atStakeUsd: 0, unknownUsd, result: undefined };
}

/** What is handed out does not change when the call goes on. */
function copyCall({ id, attempts, unanswered, result }: Call): CallRecord {
  return { id, attempts, unanswered, result };
}

function readStatuses(calls: Calls, steps?: readonly string[]): CallStatus[] {
  return [...calls.values()].flatMap(({ id, result }) =>
    result && (steps?.includes(id.step) ?? true) ? [result.status] : [],
  );
}

function forgetResult(call: Call): void {
  call.result = undefined;
  call.unanswered = 0;
}
