import { readFile } from "node:fs/promises";
import { ProblemsError, RotaError, runPipeline, type RunSummary } from "@rota/core";
import { type ActionInputs, readInputs } from "./read-inputs.ts";
import type { Runner } from "./runner.ts";
import { type FailedRow, watchRun } from "./watch-run.ts";
import { writeProblems, writeSummary } from "./write-summary.ts";

/** GitHub shows no more than ten errors of a step. */
const MOST_ANNOTATIONS = 10;

/** The step from its inputs to its end. Whatever goes wrong fails the step with a message. */
export async function runAction(runner: Runner): Promise<void> {
  try {
    const inputs = readInputs(runner);
    const { summary, failedRows } = await runInputs(runner, inputs);
    await report(runner, inputs, summary, failedRows);
  } catch (error) {
    await reportError(runner, error);
  }
}

async function runInputs(
  runner: Runner,
  inputs: ActionInputs,
): Promise<{ summary: RunSummary; failedRows: readonly FailedRow[] }> {
  const cancelled = new AbortController();
  const stopListening = runner.onCancel(() => cancelled.abort());
  const watch = watchRun(runner);
  try {
    // The journal stays at `.rota` in the workspace, as with the command: a workflow that keeps
    // that folder (by a cache, or a checkout that does not clean) continues where it was stopped.
    const summary = await runPipeline({ ...inputs, ...watch, signal: cancelled.signal });
    return { summary, failedRows: watch.failedRows };
  } finally {
    watch.close();
    stopListening();
  }
}

async function report(
  runner: Runner,
  { rowsFile }: ActionInputs,
  summary: RunSummary,
  failedRows: readonly FailedRow[],
): Promise<void> {
  setOutputs(runner, summary);
  for (const { line, step, code, message } of failedRows.slice(0, MOST_ANNOTATIONS)) {
    const title = `Row failed at step ${step}`;
    runner.annotate({
      level: "error",
      title,
      message: `${code}: ${message}`,
      file: rowsFile,
      line,
    });
  }
  const { rows } = summary;
  runner.annotate({
    level: "notice",
    title: `${summary.pipeline}: ${summary.status}`,
    message: `${rows.done} of ${rows.total} rows done, ${rows.failed} failed`,
  });
  await runner.addSummary(writeSummary(summary, failedRows, await readReports(summary)));
  if (summary.status !== "completed") {
    runner.fail(`${summary.pipeline}: ${summary.status}. ${summary.message ?? ""}`);
  }
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

async function readReports({ outputs }: RunSummary): Promise<string[]> {
  const files = outputs.filter((file) => file.toLowerCase().endsWith(".md"));
  return Promise.all(files.map((file) => readFile(file, "utf8")));
}

async function reportError(runner: Runner, error: unknown): Promise<void> {
  if (error instanceof ProblemsError) {
    for (const { message, remedy, file, position } of error.problems.slice(0, MOST_ANNOTATIONS)) {
      const { line, column } = position ?? {};
      const text = `${message}. ${remedy}`;
      runner.annotate({
        level: "error",
        title: "Nothing was sent",
        message: text,
        file,
        line,
        column,
      });
    }
    await runner.addSummary(writeProblems(error));
    const [first] = error.problems;
    const count = error.problems.length;
    runner.fail(count === 1 && first ? first.message : `${count} problems; nothing was sent`);
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  await runner.addSummary("## ❌ The run could not be carried out\n");
  if (error instanceof RotaError && error.kind !== "bug") runner.fail(message);
  else runner.fail(`This is a bug in Rota. ${error instanceof Error ? error.stack : message}`);
}
