import {
  checkPipeline,
  findKeyFile,
  loadKeys,
  ProblemsError,
  type CheckReport,
  type KeyRingConfiguration,
  type Problem,
} from "@rota/core";
import { describeKeySource } from "../../keys/describe-key-source.ts";
import { readEnvironment } from "../../keys/read-environment.ts";
import { formatErrorJson } from "../../summary/format-error-json.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import type { CheckFlags } from "./command.ts";
import { formatCheckReport } from "./format-check-report.ts";

/** `rota check`: everything that is wrong, or what a run would do. */
export async function runCheck(
  terminal: Terminal,
  flags: CheckFlags,
  pipelineFile: string,
  rowsFile?: string,
): Promise<ExitCode> {
  try {
    const report = await checkAll(terminal, { flags, pipelineFile, rowsFile });
    if (flags.json) terminal.stdout.write(`${JSON.stringify({ status: "ok", ...report })}\n`);
    else terminal.stderr.write(formatCheckReport(report, { terminal, rowsFile }));
    return EXIT_CODE.success;
  } catch (error) {
    if (flags.json) terminal.stdout.write(formatErrorJson(error));
    throw error;
  }
}

interface CheckRequest {
  readonly flags: CheckFlags;
  readonly pipelineFile: string;
  readonly rowsFile: string | undefined;
}

/** @throws ProblemsError with the problems of keys, pipeline and rows together. */
async function checkAll(
  terminal: Terminal,
  { flags, pipelineFile, rowsFile }: CheckRequest,
): Promise<CheckReport> {
  const problems: Problem[] = [];
  const keys = await collectProblems(problems, () => loadKeysIfAny(terminal, flags));
  const report = await collectProblems(problems, () =>
    checkPipeline({ pipelineFile, rowsFile, keys }),
  );
  if (!report || problems.length > 0) throw new ProblemsError(problems);
  return report;
}

/** Having no key yet is not a mistake: there is the simulator. */
function loadKeysIfAny(terminal: Terminal, flags: CheckFlags): KeyRingConfiguration | undefined {
  const environment = readEnvironment(terminal.environment, flags.envFile);
  const file = flags.keys ?? findKeyFile(".");
  const hasKeys = describeKeySource(file, environment) !== undefined;
  return hasKeys ? loadKeys({ file, environment }) : undefined;
}

async function collectProblems<T>(
  problems: Problem[],
  work: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
