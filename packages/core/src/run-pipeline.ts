import type { RunOptions } from "./run-options.ts";
import type { RunSummary } from "./vocabulary/run-summary.ts";

/**
 * Runs a pipeline over its rows, or continues the run that an earlier process began.
 * @throws ProblemsError for everything found wrong before anything is sent.
 * @throws RunChangedError, RunLockedError, StorageError
 */
export async function runPipeline(options: RunOptions): Promise<RunSummary> {
  throw new Error(`${options.pipelineFile} cannot be run yet`);
}
