import type { RunSummary } from "@rota/core";
import { MAX_ANNOTATIONS } from "./max-annotations.ts";
import { readReports } from "./read-reports.ts";
import type { Runner } from "./runner.ts";
import type { Failures } from "./watch-run.ts";
import { writeSummary } from "./write-summary.ts";

export interface EndedRun {
  readonly rowsFile: string;
  readonly summary: RunSummary;
  readonly failures: Failures;
}

/** Tells the runner how a run ended: outputs, annotations, the step's summary, and its verdict. */
export async function reportRun(runner: Runner, run: EndedRun): Promise<void> {
  const { summary, failures } = run;
  const { rows, groups, pipeline, status, message } = summary;
  setOutputs(runner, summary);
  annotateFailures(runner, run);
  runner.annotate({
    level: "notice",
    title: `${pipeline}: ${status}`,
    message: [
      `${rows.done} of ${rows.total} rows done, ${rows.failed} failed`,
      ...(groups ? [`${groups.done} of ${groups.total} groups done, ${groups.failed} failed`] : []),
    ].join("; "),
  });
  if (status !== "completed") runner.fail(`${pipeline}: ${status}. ${message ?? ""}`);
  await runner.addSummary(writeSummary(summary, failures, await readReports(summary.outputs)));
}

function setOutputs(runner: Runner, { rows, calls, costUsd, outputs, status, runId }: RunSummary) {
  const values = {
    status,
    "run-id": runId,
    "rows-total": rows.total,
    "rows-done": rows.done,
    "rows-failed": rows.failed,
    "rows-skipped": rows.skipped,
    "rows-uncertain": rows.uncertain,
    calls: calls.sent,
    "cost-usd": costUsd ?? "",
    files: outputs.join("\n"),
  };
  for (const [name, value] of Object.entries(values)) runner.setOutput(name, String(value));
}

/** Groups are annotated beside rows, however many of those failed. */
const MAX_GROUP_ANNOTATIONS = 3;

/** Rows on their lines; a group stands on none. What the run may lose is no error of the step. */
function annotateFailures(runner: Runner, { rowsFile, summary, failures }: EndedRun): void {
  const level = summary.status === "failed" ? "error" : "warning";
  const groups = failures.groups.slice(0, MAX_GROUP_ANNOTATIONS);
  for (const failed of failures.rows.slice(0, MAX_ANNOTATIONS - groups.length)) {
    const { line, step, code, message } = failed;
    const title = `Row failed at step ${step}`;
    runner.annotate({ level, title, message: `${code}: ${message}`, file: rowsFile, line });
  }
  for (const { key, step, code, message } of groups) {
    const title = `Group failed at step ${step}`;
    runner.annotate({ level, title, message: `${key}: ${code}: ${message}`, file: rowsFile });
  }
}
