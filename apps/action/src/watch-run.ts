import type { KeyStatus, RunEvent, RunOptions } from "@rota/core";
import type { Runner } from "./runner.ts";
import { shortenText } from "./shorten-text.ts";

/** Why something failed, as the summary and the annotations show it. */
export interface ShownFailure {
  readonly step: string;
  readonly code: string;
  readonly message: string;
}

export interface FailedRow extends ShownFailure {
  readonly line: number;
}

export interface FailedGroup extends ShownFailure {
  readonly key: string;
}

/** What of a run failed: the first of the rows and of the groups. The rest is in the outputs. */
export interface Failures {
  readonly rows: readonly FailedRow[];
  readonly groups: readonly FailedGroup[];
}

/** Rows, and groups, that are remembered one by one. */
const MAX_REMEMBERED = 50;
/** Often enough to see that it lives, seldom enough for a log that is read afterwards. */
const REPORT_EVERY_MS = 10_000;

/** What is to be known of a run while it lasts. */
export interface RunWatch extends Pick<RunOptions, "onEvent"> {
  readonly failures: Failures;
  /** Ends the lines in the log. */
  close(): void;
}

/** Follows a run: lines in the log now and then, and what failed. */
export function watchRun(runner: Runner, readKeys: () => readonly KeyStatus[]): RunWatch {
  const failedRows: FailedRow[] = [];
  const failedGroups: FailedGroup[] = [];
  const rows = { total: 0, ended: 0, failed: 0 };
  const groups = { ended: 0, failed: 0 };

  const onEvent = (event: RunEvent) => {
    switch (event.kind) {
      case "run-started":
        rows.total = event.rows;
        rows.ended = event.rowsDone;
        runner.log(
          rows.ended > 0
            ? `Continuing run ${event.runId}: ${rows.total} rows, ${rows.ended} of them done earlier`
            : `Run ${event.runId}: ${rows.total} rows`,
        );
        break;
      case "row-ended":
        rows.ended += 1;
        if (event.status !== "failed") break;
        rows.failed += 1;
        if (event.error && failedRows.length < MAX_REMEMBERED) {
          failedRows.push({ line: event.line, ...shorten(event.error) });
        }
        break;
      case "group-ended":
        groups.ended += 1;
        if (event.status !== "failed") break;
        groups.failed += 1;
        if (event.error && failedGroups.length < MAX_REMEMBERED) {
          failedGroups.push({
            key: shortenText(runner.redact(event.key)),
            ...shorten(event.error),
          });
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
    runner.log(
      [
        `${rows.ended} of ${rows.total} rows`,
        `${rows.failed} failed`,
        ...(groups.ended > 0 ? [`${groups.ended} groups`, `${groups.failed} failed`] : []),
        `${throttled} throttled`,
      ].join(", "),
    );
  };
  const timer = setInterval(report, REPORT_EVERY_MS);
  return {
    failures: { rows: failedRows, groups: failedGroups },
    onEvent,
    close: () => clearInterval(timer),
  };
}

function shorten({ step, code, message }: ShownFailure): ShownFailure {
  return { step, code, message: shortenText(message) };
}
