import type { Fingerprints } from "../vocabulary/journal.ts";
import type { KeyRingConfiguration } from "../vocabulary/named-key.ts";
import { type Problem, ProblemsError } from "../vocabulary/problem.ts";
import { checkColumns } from "../pipeline/check-columns.ts";
import { loadPipeline } from "../pipeline/load-pipeline.ts";
import type { Output, Pipeline } from "../pipeline/pipeline.ts";
import { findOutputPathProblems } from "../rows/output-path.ts";
import { openRows } from "../rows/open-rows.ts";
import type { RowRange } from "../rows/row-range.ts";
import type { RowScan, RowSource } from "../rows/row-source.ts";
import { findBudgetProblems, findKeyProblems } from "./check-resources.ts";
import { chooseOutputs } from "./choose-outputs.ts";

/** What is to be run, as the user names it. */
export interface RunRequest {
  readonly pipelineFile: string;
  readonly rowsFile: string;
  readonly keys: KeyRingConfiguration;
  readonly rowRange?: RowRange | undefined;
  /** Instead of the pipeline's tables. */
  readonly outputFiles?: readonly string[] | undefined;
  /** Takes the place of the pipeline's. */
  readonly budgetUsd?: number | undefined;
}

/** A run of which everything was checked that can be checked before the first call. */
export interface PreparedRun {
  readonly pipeline: Pipeline;
  readonly source: RowSource;
  readonly scan: RowScan;
  readonly outputs: readonly Output[];
  readonly budgetUsd: number | undefined;
  /** What must not change until the run is finished. */
  readonly fingerprints: Fingerprints;
}

/**
 * Loads and checks pipeline, rows, keys and outputs, each and against each other.
 * @throws ProblemsError with everything that was found wrong
 */
export async function prepareRun(request: RunRequest): Promise<PreparedRun> {
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);

  const pipeline = await collect(report, () => loadPipeline(request.pipelineFile));
  const rows = await collect(report, () => openAndScan(request, pipeline));
  const budgetUsd = request.budgetUsd ?? pipeline?.limits.budgetUsd;
  if (pipeline) {
    findKeyProblems(pipeline, request.keys).forEach(report);
    findBudgetProblems(pipeline, budgetUsd).forEach(report);
    if (rows) checkColumns(pipeline, rows.scan.columns).forEach(report);
  }
  const outputs = pipeline && chooseOutputs(pipeline, request.outputFiles ?? [], report);
  if (outputs) {
    const files = outputs.map(({ file }) => file);
    const inputs = [request.pipelineFile, request.rowsFile];
    (await findOutputPathProblems(files, inputs)).forEach(report);
  }
  if (problems.length > 0 || !pipeline || !rows || !outputs) throw new ProblemsError(problems);
  const fingerprints = { ...pipeline.fingerprints, rows: rows.scan.fingerprint };
  return { pipeline, ...rows, outputs, budgetUsd, fingerprints };
}

async function openAndScan(request: RunRequest, pipeline: Pipeline | undefined) {
  const source = await openRows(request.rowsFile, {
    idColumn: pipeline?.input.id,
    columnTypes: pipeline?.input.columns,
    range: request.rowRange,
  });
  return { source, scan: await source.scan() };
}

/** Hands on the problems of one part, so that those of the others are found too. */
async function collect<T>(
  report: (problem: Problem) => void,
  work: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    error.problems.forEach(report);
    return undefined;
  }
}
