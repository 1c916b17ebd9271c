import {
  checkPipeline,
  collectProblems,
  type KeyRingConfiguration,
  type Problem,
  ProblemsError,
  type ReportProblem,
} from "@rota/core";
import { readKeys } from "./read-keys.ts";
import type { Runner } from "./runner.ts";

/** What a workflow asks for, checked. */
export interface ActionInputs {
  readonly pipelineFile: string;
  readonly rowsFile: string;
  readonly keys: KeyRingConfiguration;
  /** Empty for what the pipeline writes. */
  readonly outputFiles: readonly string[];
  readonly concurrency: number | undefined;
  readonly maxErrorRate: number | undefined;
}

/**
 * Reads and checks the inputs of the step. When one is wrong, pipeline and rows are looked at too:
 * whoever has to mend a workflow should have to do it once.
 * @throws ProblemsError with everything that is wrong; it shows no secret
 */
export async function readInputs(runner: Runner): Promise<ActionInputs> {
  const problems: Problem[] = [];
  const report: ReportProblem = (problem) => void problems.push(problem);
  const inputs = {
    pipelineFile: readFileName(runner, "pipeline", report),
    rowsFile: readFileName(runner, "rows", report),
    outputFiles: readList(runner, "output"),
    concurrency: readNumber(runner, "concurrency", COUNT, report),
    maxErrorRate: readNumber(runner, "max-error-rate", SHARE, report),
  };
  const keys = collectProblems(report, () => readKeys(runner, report));
  if (problems.length === 0 && keys) return { ...inputs, keys };
  const { pipelineFile, rowsFile } = inputs;
  if (pipelineFile !== "") {
    await collectProblems(report, () =>
      checkPipeline({ pipeline: pipelineFile, rows: rowsFile === "" ? undefined : rowsFile }),
    );
  }
  throw new ProblemsError(problems);
}

function readFileName(runner: Runner, name: string, report: ReportProblem): string {
  const file = runner.readInput(name).trim();
  if (file === "") {
    const remedy = `Name a file in "with: ${name}:"`;
    report({ code: "option", message: `the input "${name}" is missing`, remedy });
  }
  return file;
}

/** One a line, or separated by commas. */
function readList(runner: Runner, name: string): string[] {
  return runner
    .readInput(name)
    .split(/[\n,]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

interface NumberKind {
  readonly words: string;
  readonly accepts: (value: number) => boolean;
}

const COUNT: NumberKind = {
  words: "a whole number above 0",
  accepts: (value) => Number.isInteger(value) && value > 0,
};
const SHARE: NumberKind = {
  words: "a number from 0 to 1",
  accepts: (value) => value >= 0 && value <= 1,
};

function readNumber(
  runner: Runner,
  name: string,
  { words, accepts }: NumberKind,
  report: ReportProblem,
): number | undefined {
  const text = runner.readInput(name).trim();
  if (text === "") return undefined;
  const value = Number(text);
  if (accepts(value)) return value;
  const message = `the input "${name}" is not ${words}`;
  report({ code: "option", message, remedy: `Write ${words}, or leave it out` });
  return undefined;
}
