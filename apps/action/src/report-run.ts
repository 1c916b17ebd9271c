import type { RunSummary } from "@rota/core";
import { MAX_ANNOTATIONS } from "./max-annotations.ts";
import { readReports } from "./read-reports.ts";
import type { Runner } from "./runner.ts";
import type { FailedRow } from "./watch-run.ts";
import { writeSummary } from "./write-summary.ts";

export interface EndedRun {
  readonly rowsFile: string;
  readonly summary: RunSummary;
  readonly failedRows: readonly FailedRow[];
}

/** Tells the runner how a run ended: outputs, annotations, the step's summary, and its verdict. */
export async function reportRun(runner: Runner, run: EndedRun): Promise<void> {
  const { summary, failedRows } = run;
  const { rows, pipeline, status, message } = summary;
  setOutputs(runner, summary);
  annotateRows(runner, run);
  runner.annotate({
    level: "notice",
    title: `${pipeline}: ${status}`,
    message: `${rows.done} of ${rows.total} rows done, ${rows.failed} failed`,
  });
  if (status !== "completed") runner.fail(`${pipeline}: ${status}. ${message ?? ""}`);
  await runner.addSummary(writeSummary(summary, failedRows, await readReports(summary.outputs)));
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

/** On the lines of the rows file. Rows that the run may lose are no errors of the step. */
function annotateRows(runner: Runner, { rowsFile, summary, failedRows }: EndedRun): void {
  const level = summary.status === "failed" ? "error" : "warning";
  for (const { line, step, code, message } of failedRows.slice(0, MAX_ANNOTATIONS)) {
    const title = `Row failed at step ${step}`;
    runner.annotate({ level, title, message: `${code}: ${message}`, file: rowsFile, line });
  }
}
