import type { DatabaseSync, StatementSync } from "node:sqlite";
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
  parseCall,
  parseStatus,
  toContent,
  toResultColumns,
  toSubjectColumns,
  type Columns,
} from "./call-columns.ts";

/** Calls of one look into the table, and the UTF-16 units of text in them, about: enough to make a look cheap. */
const PAGE_CALLS = 256;
const PAGE_TEXT = 4 * 1024 * 1024;

/** Some calls in their order. */
export interface CallPage {
  readonly calls: readonly CallRecord[];
  /** What is left to read behind them; undefined when that is nothing. */
  readonly rest: CallSelection | undefined;
}

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

  constructor(database: DatabaseSync) {
    this.#database = database;
    // What is known of another row that stood in the same place is not known of this one.
    const isSame = "ifnull(content, excluded.content) IS excluded.content";
    this.#countSend = database.prepare(`
      INSERT INTO call (per, subject, content, step, attempts, unanswered, sent_on, at_stake_usd)
      VALUES (?, ?, ?, ?, 1, 1, ?, ?)
      ON CONFLICT DO UPDATE SET
        attempts = iif(${isSame}, attempts, 0) + 1,
        unanswered = iif(${isSame}, unanswered, 0) + 1,
        result = iif(${isSame}, result, NULL),
        content = excluded.content, sent_on = excluded.sent_on,
        unknown_usd = unknown_usd + at_stake_usd, at_stake_usd = excluded.at_stake_usd`);
    const takeBack = (set: string) =>
      database.prepare(`
        UPDATE call SET ${set} unanswered = max(0, unanswered - 1), at_stake_usd = 0
        WHERE per = ? AND subject = ? AND step = ?`);
    this.#refuseSend = takeBack("");
    this.#takeBackSend = takeBack("attempts = max(0, attempts - 1),");
    this.#addResult = database.prepare(`
      INSERT INTO result (
        status, error_code, error_message, reason, finish_reason, input_tokens,
        cached_input_tokens, output_tokens, cache_write_tokens, cost_usd, latency_ms, key, text,
        request
      ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#pointToResult = database.prepare(`
      INSERT INTO call (per, subject, content, step, attempts, unanswered, result)
      VALUES (?, ?, ?, ?, 0, 0, ?)
      ON CONFLICT DO UPDATE SET
        attempts = iif(${isSame}, attempts, 0), unanswered = iif(${isSame}, unanswered, 0),
        content = excluded.content, result = excluded.result,
        at_stake_usd = iif(?, 0, at_stake_usd)`);
    const calls = "SELECT * FROM call LEFT JOIN result ON result.id = call.result";
    this.#selectRows = database.prepare(
      `${calls} WHERE per = 'row' AND subject >= ? AND subject < ? ORDER BY subject, call.id`,
    );
    this.#selectSubject = database.prepare(
      `${calls} WHERE per = ? AND subject = ? ORDER BY call.id`,
    );
  }

  addSend({ step, subject }: CallId, { key, worstCaseUsd }: SendRecord): void {
    const [per, place] = toSubjectColumns(subject);
    this.#countSend.run(per, place, toContent(subject), step, key, worstCaseUsd);
  }

  addRefusal({ step, subject }: CallId): void {
    this.#refuseSend.run(...toSubjectColumns(subject), step);
  }

  takeBackSend({ step, subject }: CallId): void {
    this.#takeBackSend.run(...toSubjectColumns(subject), step);
  }

  addResult({ step, subject }: CallId, result: CallResult): void {
    const { lastInsertRowid } = this.#addResult.run(...toResultColumns(result));
    const isCostKnown = result.costUsd === undefined ? 0 : 1;
    const [per, place] = toSubjectColumns(subject);
    this.#pointToResult.run(per, place, toContent(subject), step, lastInsertRowid, isCostKnown);
  }

  /** The first calls of a selection: whole rows, until a page is full. */
  readPage(selection: CallSelection): CallPage {
    if (selection.per !== "row") {
      const calls = this.#selectSubject.all(...toSubjectColumns(selection)).map(parseCall);
      return { calls, rest: undefined };
    }
    const { from = 0, to = Number.MAX_SAFE_INTEGER } = selection;
    const calls: CallRecord[] = [];
    let text = 0;
    let last: unknown;
    // Left before its end it is reset at once: no read transaction stays open.
    for (const columns of this.#selectRows.iterate(Math.max(0, from), to)) {
      const { subject } = columns;
      const isFull = calls.length >= PAGE_CALLS || text >= PAGE_TEXT;
      if (isFull && subject !== last) {
        return { calls, rest: { per: "row", from: Number(subject), to } };
      }
      last = subject;
      calls.push(parseCall(columns));
      text += lengthOfText(columns);
    }
    return { calls, rest: undefined };
  }

  forgetFailures(): void {
    this.#database.exec(`
      UPDATE call SET result = NULL, unanswered = 0
      WHERE result IN (SELECT id FROM result WHERE status <> 'done') AND (
        per <> 'row' OR subject IN (
          SELECT subject FROM call JOIN result ON result.id = call.result
          WHERE per = 'row' AND status IN ('failed', 'uncertain')))`);
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
        `SELECT sum(attempts) AS attempts, sum(result IS NULL AND unanswered > 0) AS open_calls,
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
          WHERE per = 'row' AND step IN (${places}) GROUP BY subject HAVING count(*) = ?)
        GROUP BY status`,
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

function lengthOfText({ text }: Columns): number {
  return typeof text === "string" ? text.length : 0;
}
