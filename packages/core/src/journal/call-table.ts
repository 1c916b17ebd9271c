import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CallId, CallRecord, CallResult, JournalTotals } from "../vocabulary/journal.ts";
import { parseCall, parseStatus, RUN_ORDINAL, toOrdinal, toResultColumns } from "./call-columns.ts";

/** The calls and results of a run as tables. Knows SQL; nothing of durability, which is the caller's. */
export class CallTable {
  readonly #database: DatabaseSync;
  readonly #countSend: StatementSync;
  readonly #takeBackSend: StatementSync;
  readonly #addResult: StatementSync;
  readonly #pointToResult: StatementSync;
  readonly #selectCalls: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#countSend = database.prepare(`
      INSERT INTO call (ordinal, step, attempts, unanswered, sent_on, at_stake_usd)
      VALUES (?, ?, 1, 1, ?, ?)
      ON CONFLICT DO UPDATE SET
        attempts = attempts + 1, unanswered = unanswered + 1, sent_on = excluded.sent_on,
        unknown_usd = unknown_usd + at_stake_usd, at_stake_usd = excluded.at_stake_usd`);
    this.#takeBackSend = database.prepare(`
      UPDATE call SET unanswered = max(0, unanswered - 1), at_stake_usd = 0
      WHERE ordinal = ? AND step = ?`);
    this.#addResult = database.prepare(`
      INSERT INTO result VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#pointToResult = database.prepare(`
      INSERT INTO call (ordinal, step, attempts, unanswered, result) VALUES (?, ?, 0, 0, ?)
      ON CONFLICT DO UPDATE SET result = excluded.result, at_stake_usd = iif(?, 0, at_stake_usd)`);
    this.#selectCalls = database.prepare(`
      SELECT * FROM call LEFT JOIN result ON result.id = call.result
      WHERE ordinal >= ? AND ordinal < ? ORDER BY ordinal, call.id`);
  }

  addSend({ step, subject }: CallId, key: string, worstCaseUsd: number): void {
    this.#countSend.run(toOrdinal(subject), step, key, worstCaseUsd);
  }

  addRefusal({ step, subject }: CallId): void {
    this.#takeBackSend.run(toOrdinal(subject), step);
  }

  addResult({ step, subject }: CallId, result: CallResult): void {
    const { lastInsertRowid } = this.#addResult.run(...toResultColumns(result));
    const isCostKnown = result.costUsd === undefined ? 0 : 1;
    this.#pointToResult.run(toOrdinal(subject), step, lastInsertRowid, isCostKnown);
  }

  /** All at once: an iterator left half-way would hold a read transaction open. */
  readRowCalls(from: number, to: number): CallRecord[] {
    return this.#selectCalls.all(Math.max(0, from), to).map(parseCall);
  }

  readRunCalls(): CallRecord[] {
    return this.#selectCalls.all(RUN_ORDINAL, RUN_ORDINAL + 1).map(parseCall);
  }

  forgetFailures(): void {
    this.#database.exec(`
      UPDATE call SET result = NULL, unanswered = 0
      WHERE result IS NOT NULL AND (
        ordinal = ${RUN_ORDINAL}
        OR result IN (SELECT id FROM result WHERE status <> 'done')
        AND ordinal IN (
          SELECT ordinal FROM call JOIN result ON result.id = call.result
          WHERE status IN ('failed', 'uncertain')))`);
  }

  readTotals(stepsPerRow: number): JournalTotals {
    return {
      ...this.#readCallTotals(),
      rows: this.#countRows(stepsPerRow),
      ...this.#readResultTotals(),
    };
  }

  #readCallTotals(): Pick<
    JournalTotals,
    "rowsReached" | "attempts" | "openCalls" | "unknownCostUsd"
  > {
    const totals = this.#database
      .prepare(
        `SELECT max(ordinal) + 1 AS rows_reached, sum(attempts) AS attempts,
          sum(result IS NULL AND unanswered > 0) AS open_calls,
          total(at_stake_usd + unknown_usd) AS unknown_cost_usd
        FROM call`,
      )
      .get();
    return {
      rowsReached: Number(totals?.["rows_reached"]),
      attempts: Number(totals?.["attempts"]),
      openCalls: Number(totals?.["open_calls"]),
      unknownCostUsd: Number(totals?.["unknown_cost_usd"]),
    };
  }

  #countRows(stepsPerRow: number): JournalTotals["rows"] {
    const rows = { done: 0, failed: 0, skipped: 0, uncertain: 0 };
    const counts = this.#database
      .prepare(
        `SELECT status, count(*) AS count FROM (
          SELECT CASE
            WHEN max(status = 'failed') THEN 'failed'
            WHEN max(status = 'uncertain') THEN 'uncertain'
            WHEN max(status = 'done') THEN 'done'
            ELSE 'skipped' END AS status
          FROM call JOIN result ON result.id = call.result
          WHERE ordinal > ${RUN_ORDINAL} GROUP BY ordinal HAVING count(*) >= ?)
        GROUP BY status`,
      )
      .all(stepsPerRow);
    for (const { status, count } of counts) rows[parseStatus(status)] = Number(count);
    return rows;
  }

  #readResultTotals(): Pick<JournalTotals, "usage" | "costUsd" | "unpricedCalls"> {
    const totals = this.#database
      .prepare(
        `SELECT sum(input_tokens) AS input_tokens,
          sum(cached_input_tokens) AS cached_input_tokens, sum(output_tokens) AS output_tokens,
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
