import { type Run, type RunSummary, startRun } from "@rota/core";
import { type ActionInputs, readInputs } from "./read-inputs.ts";
import { protectSecrets } from "./read-keys.ts";
import { reportError } from "./report-error.ts";
import { reportRun } from "./report-run.ts";
import type { Runner } from "./runner.ts";
import { locateState, locateWorkspace, removeOldStates } from "./state-directory.ts";
import { type Failures, watchRun } from "./watch-run.ts";

/** The step from its inputs to its end. Whatever goes wrong fails the step with a message. */
export async function runAction(runner: Runner): Promise<void> {
  try {
    protectSecrets(runner);
    const inputs = await readInputs(runner);
    const { summary, failures } = await runInputs(runner, inputs);
    await reportRun(runner, { rowsFile: inputs.rowsFile, summary, failures });
  } catch (error) {
    await reportError(runner, error);
  }
}

async function runInputs(
  runner: Runner,
  inputs: ActionInputs,
): Promise<{ summary: RunSummary; failures: Failures }> {
  const stateDirectory = locateState(runner);
  await removeOldStates(stateDirectory, Date.now());
  // The runner sends SIGINT, after 7.5 s SIGTERM, and 2.5 s later ends the process.
  const cancelled = new AbortController();
  const stopListening = runner.onCancel(() => cancelled.abort());
  let run: Run | undefined;
  const watch = watchRun(runner, () => run?.keys() ?? []);
  try {
    const { signal } = cancelled;
    const { onEvent, failures } = watch;
    const { pipelineFile: pipeline, rowsFile: rows, ...options } = inputs;
    // Links come with the checkout: wherever they lead, what is written stays in the workspace.
    const outputRoot = locateWorkspace(runner);
    const watched = { onEvent, stateDirectory, signal };
    run = startRun({ ...options, pipeline, rows, outputRoot, ...watched });
    return { summary: await run.finished, failures };
  } finally {
    watch.close();
    stopListening();
  }
}
