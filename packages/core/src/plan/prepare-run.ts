import { InvariantError } from "../vocabulary/error.ts";
import type { Fingerprints } from "../vocabulary/journal.ts";
import type { KeyRingConfiguration } from "../vocabulary/named-key.ts";
import { collectProblems, type Problem, ProblemsError } from "../vocabulary/problem.ts";
import { checkColumns } from "../pipeline/check-columns.ts";
import type { PipelineDefinition } from "../pipeline/schema.ts";
import { loadPipeline } from "../pipeline/load-pipeline.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { locateOutputs, type LocatedOutput } from "./locate-outputs.ts";
import { followLinks } from "./real-path.ts";
import { openRows, type RowInput } from "../rows/open-rows.ts";
import type { RowRange } from "../rows/row-range.ts";
import type { RowScan, RowSource } from "../vocabulary/row-source.ts";
import { GroupSizeCounter, type GroupSizes } from "./count-groups.ts";
import { findBudgetProblems, findKeyProblems } from "./check-resources.ts";
import { chooseOutputs } from "./choose-outputs.ts";

/** What is to be looked at. */
export interface InspectionRequest {
  /** A file, as the user names it, or what would stand in it. */
  readonly pipeline: string | PipelineDefinition;
  readonly rows?: RowInput | undefined;
  readonly keys?: KeyRingConfiguration | undefined;
  readonly rowRange?: RowRange | undefined;
  /** Instead of the pipeline's outputs of the same formats. */
  readonly outputFiles?: readonly string[] | undefined;
  /** The folder that every output must lie in; without it, those that the pipeline names: here. */
  readonly outputRoot?: string | undefined;
  /** Takes the place of the pipeline's. */
  readonly budgetUsd?: number | undefined;
}

/** What is to be run: rows and keys are a must. */
export interface RunRequest extends InspectionRequest {
  readonly rows: RowInput;
  readonly keys: KeyRingConfiguration;
}

/** The rows, once they have been gone through. */
export interface ScannedRows {
  readonly source: RowSource;
  readonly scan: RowScan;
  readonly groupSizes: GroupSizes;
}

/** What was found in order. */
export interface Inspection {
  readonly pipeline: Pipeline;
  /** Undefined when none were named. */
  readonly rows: ScannedRows | undefined;
  readonly outputs: readonly LocatedOutput[];
}

/** A run of which everything was checked that can be checked before the first call. */
export interface PreparedRun extends Inspection, ScannedRows {
  /** What must not change until the run is finished. */
  readonly fingerprints: Fingerprints;
}

/**
 * Loads and checks pipeline, rows, keys and outputs, each and against each other.
 * @throws ProblemsError with everything that was found wrong
 */
export async function prepareRun(request: RunRequest): Promise<PreparedRun> {
  const inspection = await inspectRequest(request);
  const { pipeline, rows } = inspection;
  if (!rows) throw new InvariantError("Rows were named and not opened.");
  const fingerprints = { ...pipeline.fingerprints, rows: rows.scan.fingerprint };
  return { ...inspection, ...rows, fingerprints };
}

/**
 * As `prepareRun`, for as much as is named.
 * @throws ProblemsError with everything that was found wrong
 */
export async function inspectRequest(request: InspectionRequest): Promise<Inspection> {
  const { rows: input, keys, rowRange, outputFiles = [] } = request;
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);

  const pipeline = collectProblems(report, () => loadPipeline(request.pipeline));
  const rows =
    input === undefined
      ? undefined
      : await collectProblems(report, () => openAndScan(input, rowRange, pipeline));
  if (!pipeline) throw new ProblemsError(problems);

  const wanted = chooseOutputs(
    pipeline,
    { files: outputFiles, isFile: typeof request.pipeline === "string" },
    report,
  );
  const templates = wanted.map(({ templateFile }) => templateFile);
  const inputPaths = [request.pipeline, input, ...templates].filter(
    (file) => typeof file === "string",
  );
  problems.push(
    ...(keys ? findKeyProblems(pipeline, keys) : []),
    ...findBudgetProblems(pipeline, request.budgetUsd ?? pipeline.limits.budgetUsd),
    ...(rows ? checkColumns(pipeline, rows.scan.columns) : []),
  );
  const outputs = await locateOutputs(
    wanted,
    { inputs: inputPaths, rootOf: findRoots(request) },
    report,
  );
  if (problems.length > 0) throw new ProblemsError(problems);
  return { pipeline, rows, outputs };
}

/**
 * Whoever types a path may follow a link of his own with it. A pipeline may come from elsewhere, with
 * the links beside it: its outputs stay below the folder in which the command is typed.
 */
function findRoots({ outputRoot, outputFiles = [] }: InspectionRequest) {
  const root = followLinks(outputRoot ?? process.cwd());
  return ({ file }: { readonly file: string }) =>
    outputRoot === undefined && outputFiles.includes(file) ? undefined : root;
}

async function openAndScan(
  input: RowInput,
  range: RowRange | undefined,
  pipeline: Pipeline | undefined,
): Promise<ScannedRows> {
  const { id: idColumn, columns: columnTypes } = pipeline?.input ?? {};
  const source = await openRows(input, { idColumn, columnTypes, range });
  const counter = new GroupSizeCounter(pipeline ?? { stages: [] }, source.file);
  const scan = await source.scan((row) => counter.add(row));
  // What names a column that is not there is told by `checkColumns`, with its place.
  const isComplete = !pipeline || checkColumns(pipeline, scan.columns).length === 0;
  return { source, scan, groupSizes: isComplete ? counter.finish() : new Map() };
}
