import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import {
  STATUSES_BY_WEIGHT,
  type CallId,
  type CallRecord,
  type CallResult,
  type CallSelection,
  type JournalTotals,
  type SendRecord,
} from "../vocabulary/journal.ts";
import {
  parseStatus,
  READ_COLUMNS,
  readCall,
  RESULT_COLUMNS,
  toResultColumns,
  type ReadCall,
} from "./call-columns.ts";
import { PER_ROW, toContent, toPlace } from "./call-place.ts";
import { COUNT_UNIT, sumUpCall, sumUpPlace, sumUpResult } from "./checksums.ts";

/** Calls of one look into the table, and the UTF-16 units of text in them, about: enough to make a look cheap. */
const PAGE_CALLS = 256;
const PAGE_TEXT = 4 * 1024 * 1024;

/** Some calls in their order. */
export interface CallPage {
  readonly calls: readonly CallRecord[];
  /** Those that are not as they were written. */
  readonly damaged: readonly DamagedCall[];
  /** What is left to read behind them; undefined when that is nothing. */
  readonly rest: CallSelection | undefined;
}

export type DamagedCall = Extract<ReadCall, { readonly kind: "damaged" }>;

/** The calls and results of a run as tables. Knows SQL; nothing of durability, which is the caller's. */
export class CallTable {
  readonly #database: DatabaseSync;
  readonly #countSend: StatementSync;
  readonly #refuseSend: StatementSync;
  readonly #takeBackSend: StatementSync;
  readonly #addResult: StatementSync;
  readonly #pointToResult: StatementSync;
  readonly #selectRows: StatementSync;
  readonly #selectSubject: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    // What is known of another row that stood in the same place is not known of this one.
    const isSame = "ifnull(content, excluded.content) IS excluded.content";
    this.#countSend = database.prepare(`
      INSERT INTO call (
        per, subject, step, content, checksum, attempts, unanswered, sent_on, at_stake_usd
      ) VALUES (?, ?, ?, ?, ?, ${COUNT_UNIT}, ${COUNT_UNIT}, ?, ?)
      ON CONFLICT DO UPDATE SET
        attempts = iif(${isSame}, attempts, 0) + ${COUNT_UNIT},
        unanswered = iif(${isSame}, unanswered, 0) + ${COUNT_UNIT},
        result = iif(${isSame}, result, NULL),
        content = excluded.content, checksum = excluded.checksum, sent_on = excluded.sent_on,
        unknown_usd = unknown_usd + at_stake_usd, at_stake_usd = excluded.at_stake_usd`);
    const takeBack = (set: string) =>
      database.prepare(`
        UPDATE call SET ${set} unanswered = max(0, unanswered - ${COUNT_UNIT}), at_stake_usd = 0
        WHERE per = ? AND subject = ? AND step = ?`);
    this.#refuseSend = takeBack("");
    this.#takeBackSend = takeBack(`attempts = max(0, attempts - ${COUNT_UNIT}),`);
    this.#addResult = database.prepare(`
      INSERT INTO result (${RESULT_COLUMNS.join(", ")}, checksum)
      VALUES (${RESULT_COLUMNS.map(() => "?").join(", ")}, ?)`);
    this.#pointToResult = database.prepare(`
      INSERT INTO call (per, subject, step, content, checksum, attempts, unanswered, result)
      VALUES (?, ?, ?, ?, ?, 0, 0, ?)
      ON CONFLICT DO UPDATE SET
        attempts = iif(${isSame}, attempts, 0), unanswered = iif(${isSame}, unanswered, 0),
        content = excluded.content, checksum = excluded.checksum, result = excluded.result,
        at_stake_usd = iif(? AND ${isSame}, 0, at_stake_usd)`);
    const calls = `SELECT ${READ_COLUMNS.join(", ")} FROM call LEFT JOIN result ON result.id = call.result`;
    this.#selectRows = database.prepare(
      `${calls} WHERE per = ${PER_ROW} AND subject >= ? AND subject < ? ORDER BY subject, call.id`,
    );
    this.#selectSubject = database.prepare(
      `${calls} WHERE per = ? AND subject = ? ORDER BY call.id`,
    );
    for (const select of [this.#selectRows, this.#selectSubject]) select.setReturnArrays(true);
    this.#remove = database.prepare("DELETE FROM call WHERE id = ?");
  }

  addSend(id: CallId, { key, worstCaseUsd }: SendRecord): void {
    const { per, subject, step } = toPlace(id);
    const content = toContent(id.subject);
    const checksum = sumUpCall(sumUpPlace(per, subject, step), content);
    this.#countSend.run(per, subject, step, content, checksum, key, worstCaseUsd);
  }

  addRefusal(id: CallId): void {
    const { per, subject, step } = toPlace(id);
    this.#refuseSend.run(per, subject, step);
  }

  takeBackSend(id: CallId): void {
    const { per, subject, step } = toPlace(id);
    this.#takeBackSend.run(per, subject, step);
  }

  addResult(id: CallId, result: CallResult): void {
    const { per, subject, step } = toPlace(id);
    const place = sumUpPlace(per, subject, step);
    const columns = toResultColumns(result);
    const { lastInsertRowid } = this.#addResult.run(...columns, sumUpResult(place, columns));
    const content = toContent(id.subject);
    const checksum = sumUpCall(place, content);
    const isCostKnown = result.costUsd === undefined ? 0 : 1;
    this.#pointToResult.run(per, subject, step, content, checksum, lastInsertRowid, isCostKnown);
  }

  /** Takes a call out that is not as it was written. Its results stay. */
  setAside({ rowId }: DamagedCall): void {
    this.#remove.run(rowId);
  }

  /** The first calls of a selection: whole rows, until a page is full. */
  readPage(selection: CallSelection): CallPage {
    if (selection.per !== "row") {
      const { per, subject } = toPlace({ step: "", subject: selection });
      return this.#fill(this.#selectSubject.iterate(per, subject), () => undefined);
    }
    const { from = 0, to = Number.MAX_SAFE_INTEGER } = selection;
    return this.#fill(this.#selectRows.iterate(Math.max(0, from), to), (subject) => ({
      per: "row",
      from: Number(subject),
      to,
    }));
  }

  #fill(
    records: Iterable<Record<string, SQLOutputValue>>,
    restFrom: (subject: SQLOutputValue | undefined) => CallSelection | undefined,
  ): CallPage {
    const calls: CallRecord[] = [];
    const damaged: DamagedCall[] = [];
    let text = 0;
    let last: SQLOutputValue | undefined;
    // Left before its end it is reset at once: no read transaction stays open.
    for (const record of records) {
      const columns = Object.values(record);
      const subject = columns[SUBJECT];
      const isFull = calls.length >= PAGE_CALLS || text >= PAGE_TEXT;
      if (isFull && subject !== last) return { calls, damaged, rest: restFrom(subject) };
      last = subject;
      const read = readCall(columns);
      if (read.kind === "damaged") damaged.push(read);
      else {
        calls.push(read.call);
        text += read.call.result?.text?.length ?? 0;
      }
    }
    return { calls, damaged, rest: undefined };
  }

  forgetFailures(): void {
    this.#database.exec(`
      UPDATE call SET result = NULL, unanswered = 0
      WHERE result IN (SELECT id FROM result WHERE status <> 'done') AND (
        per <> ${PER_ROW} OR subject IN (
          SELECT subject FROM call JOIN result ON result.id = call.result
          WHERE per = ${PER_ROW} AND status IN ('failed', 'uncertain')))`);
  }

  readTotals(rowSteps: readonly string[]): JournalTotals {
    return {
      ...this.#readCallTotals(),
      rows: this.#countRows(rowSteps),
      ...this.#readResultTotals(),
    };
  }

  #readCallTotals(): Pick<JournalTotals, "attempts" | "openCalls" | "unknownCostUsd"> {
    const totals = this.#database
      .prepare(
        `SELECT sum(attempts) / ${COUNT_UNIT} AS attempts, sum(result IS NULL AND unanswered > 0) AS open_calls,
          total(at_stake_usd + unknown_usd) AS unknown_cost_usd
        FROM call`,
      )
      .get();
    return {
      attempts: Number(totals?.["attempts"]),
      openCalls: Number(totals?.["open_calls"]),
      unknownCostUsd: Number(totals?.["unknown_cost_usd"]),
    };
  }

  #countRows(rowSteps: readonly string[]): JournalTotals["rows"] {
    const rows = { done: 0, failed: 0, skipped: 0, uncertain: 0 };
    const places = rowSteps.map(() => "?").join(", ");
    const weigh = STATUSES_BY_WEIGHT.map(
      (status) => `WHEN max(status = '${status}') THEN '${status}'`,
    );
    const counts = this.#database
      .prepare(
        `SELECT status, count(*) AS count FROM (
          SELECT CASE ${weigh.join(" ")} END AS status
          FROM call JOIN result ON result.id = call.result
          WHERE per = ${PER_ROW} AND step IN (${places}) GROUP BY subject HAVING count(*) = ?)
        WHERE status IS NOT NULL GROUP BY status`,
      )
      .all(...rowSteps, rowSteps.length);
    for (const { status, count } of counts) rows[parseStatus(status)] = Number(count);
    return rows;
  }

  #readResultTotals(): Pick<JournalTotals, "usage" | "costUsd" | "unpricedCalls"> {
    const totals = this.#database
      .prepare(
        // \`total\` and not \`sum\`: a journal of an older version may hold numbers whose sum overflows.
        `SELECT total(input_tokens) AS input_tokens,
          total(cached_input_tokens) AS cached_input_tokens, total(output_tokens) AS output_tokens,
          total(cost_usd) AS cost_usd,
          sum(cost_usd IS NULL AND (text IS NOT NULL OR input_tokens IS NOT NULL)) AS unpriced_calls
        FROM result`,
      )
      .get();
    return {
      usage: {
        inputTokens: Number(totals?.["input_tokens"]),
        cachedInputTokens: Number(totals?.["cached_input_tokens"]),
        outputTokens: Number(totals?.["output_tokens"]),
      },
      costUsd: Number(totals?.["cost_usd"]),
      unpricedCalls: Number(totals?.["unpriced_calls"]),
    };
  }
}

const SUBJECT = READ_COLUMNS.indexOf("call.subject");
