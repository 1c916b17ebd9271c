import type { KeyStatus, RunEvent, RunOptions } from "@rota/core";
import type { Runner } from "./runner.ts";
import { shortenText } from "./shorten-text.ts";

/** A row that failed, as the summary and the annotations show it. */
export interface FailedRow {
  readonly line: number;
  readonly step: string;
  readonly code: string;
  readonly message: string;
}

/** Rows that are remembered one by one; the rest is in the outputs. */
const MAX_FAILED_ROWS = 50;
/** Often enough to see that it lives, seldom enough for a log that is read afterwards. */
const REPORT_EVERY_MS = 10_000;

/** What is to be known of a run while it lasts. */
export interface RunWatch extends Pick<RunOptions, "onEvent"> {
  readonly failedRows: readonly FailedRow[];
  /** Ends the lines in the log. */
  close(): void;
}

/** Follows a run: lines in the log now and then, and the rows that failed. */
export function watchRun(runner: Runner, readKeys: () => readonly KeyStatus[]): RunWatch {
  const failedRows: FailedRow[] = [];
  let total = 0;
  let ended = 0;
  let failed = 0;

  const onEvent = (event: RunEvent) => {
    switch (event.kind) {
      case "run-started":
        total = event.rows;
        ended = event.rowsDone;
        runner.log(
          ended > 0
            ? `Continuing run ${event.runId}: ${total} rows, ${ended} of them done earlier`
            : `Run ${event.runId}: ${total} rows`,
        );
        break;
      case "row-ended":
        ended += 1;
        if (event.status !== "failed") break;
        failed += 1;
        if (event.error && failedRows.length < MAX_FAILED_ROWS) {
          const { step, code, message } = event.error;
          const shown = shortenText(runner.redact(message));
          failedRows.push({ line: event.line, step, code, message: shown });
        }
        break;
      case "key-rejected":
        runner.log(`Key ${event.key} is out: ${event.message}`);
        break;
      case "notice":
        runner.log(`Note: ${event.message}`);
        break;
      case "secret-masked":
        if (event.replies > 1) break;
        runner.annotate({
          level: "warning",
          title: "A reply held the secret of a key",
          message: `It came on key ${event.key} and stands as [redacted] in the outputs. Find out who put it into a prompt, and replace the key.`,
        });
        break;
      case "run-stopping":
        runner.log(`Stopping: ${event.message}`);
        break;
      case "outputs-written":
        runner.log(`Written: ${event.files.join(", ")}`);
        break;
      default:
        break;
    }
  };

  const report = () => {
    const throttled = readKeys().reduce((sum, key) => sum + key.throttled, 0);
    runner.log(`${ended} of ${total} rows, ${failed} failed, ${throttled} throttled`);
  };
  const timer = setInterval(report, REPORT_EVERY_MS);
  return {
    failedRows,
    onEvent,
    close: () => clearInterval(timer),
  };
}
