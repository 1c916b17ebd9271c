import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The run itself stands before all rows. */
export const RUN_ORDINAL = -1;

/** Everything that is ever asked of a journal's database, prepared once. */
export interface Statements {
  readonly send: StatementSync;
  readonly refusal: StatementSync;
  readonly result: StatementSync;
  readonly calls: StatementSync;
  readonly sums: StatementSync;
  readonly rows: StatementSync;
  readonly forgetFailures: StatementSync;
}

export function prepareStatements(database: DatabaseSync): Statements {
  return {
    send: database.prepare(`
      INSERT INTO call (ordinal, step, attempts, unanswered, key) VALUES (?, ?, 1, 1, ?)
      ON CONFLICT (ordinal, step) DO UPDATE
      SET attempts = attempts + 1, unanswered = unanswered + 1, key = excluded.key
    `),
    refusal: database.prepare(`
      UPDATE call SET unanswered = unanswered - 1
      WHERE ordinal = ? AND step = ? AND unanswered > 0
    `),
    // Usage and cost add up over results that were forgotten: they were paid for all the same.
    result: database.prepare(`
      INSERT INTO call (
        ordinal, step, attempts, unanswered, key, status, text, error_code, error_message, reason,
        finish_reason, input_tokens, cached_input_tokens, output_tokens, cost_usd, latency_ms
      ) VALUES (?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (ordinal, step) DO UPDATE SET
        key = coalesce(excluded.key, key),
        status = excluded.status,
        text = excluded.text,
        error_code = excluded.error_code,
        error_message = excluded.error_message,
        reason = excluded.reason,
        finish_reason = excluded.finish_reason,
        input_tokens = coalesce(input_tokens + excluded.input_tokens, excluded.input_tokens, input_tokens),
        cached_input_tokens = coalesce(
          cached_input_tokens + excluded.cached_input_tokens,
          excluded.cached_input_tokens, cached_input_tokens),
        output_tokens = coalesce(
          output_tokens + excluded.output_tokens, excluded.output_tokens, output_tokens),
        cost_usd = coalesce(cost_usd + excluded.cost_usd, excluded.cost_usd, cost_usd),
        latency_ms = excluded.latency_ms
    `),
    calls: database.prepare(`
      SELECT call.*, step.name AS step_name FROM call JOIN step ON step.number = call.step
      WHERE ordinal >= ? AND ordinal < ? ORDER BY ordinal, step
    `),
    sums: database.prepare(`
      SELECT
        max(ordinal) + 1 AS rows_reached,
        sum(attempts) AS attempts,
        sum(status IS NULL AND unanswered > 0) AS open_calls,
        sum(input_tokens) AS input_tokens,
        sum(cached_input_tokens) AS cached_input_tokens,
        sum(output_tokens) AS output_tokens,
        sum(cost_usd) AS cost_usd,
        sum(input_tokens IS NOT NULL AND cost_usd IS NULL) AS unpriced_calls
      FROM call
    `),
    rows: database.prepare(`
      SELECT status, count(*) AS count FROM (
        SELECT CASE
          WHEN sum(status = 'failed') THEN 'failed'
          WHEN sum(status = 'uncertain') THEN 'uncertain'
          WHEN sum(status = 'done') THEN 'done'
          ELSE 'skipped'
        END AS status
        FROM call WHERE ordinal >= 0 GROUP BY ordinal HAVING count(status) >= ?
      ) GROUP BY status
    `),
    forgetFailures: database.prepare(`
      UPDATE call
      SET status = NULL, text = NULL, error_code = NULL, error_message = NULL, reason = NULL,
        unanswered = 0
      WHERE ordinal = ${RUN_ORDINAL} OR status IN ('failed', 'skipped', 'uncertain')
        AND ordinal IN (SELECT ordinal FROM call WHERE status IN ('failed', 'uncertain'))
    `),
  };
}
