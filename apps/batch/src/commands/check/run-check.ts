import { checkPipeline, collectProblems, ProblemsError, type Problem } from "@rota/core";
import { formatErrorJson } from "../../summary/format-error-json.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import type { CheckFlags } from "./check-flags.ts";
import { formatCheckReport, type Finding } from "./format-check-report.ts";
import { loadKeysIfAny } from "./load-keys-if-any.ts";

/** `rota check`: everything that is wrong, or what a run would do. */
export async function runCheck(
  terminal: Terminal,
  flags: CheckFlags,
  pipelineFile: string,
  rowsFile?: string,
): Promise<ExitCode> {
  try {
    const finding = await checkAll(terminal, { flags, pipelineFile, rowsFile });
    if (flags.json) terminal.stdout.write(`${JSON.stringify({ status: "ok", ...finding })}\n`);
    else terminal.stderr.write(formatCheckReport(finding, terminal));
    return EXIT_CODE.success;
  } catch (error) {
    if (flags.json) terminal.stdout.write(formatErrorJson(error, terminal));
    throw error;
  }
}

interface CheckRequest {
  readonly flags: CheckFlags;
  readonly pipelineFile: string;
  readonly rowsFile: string | undefined;
}

/** @throws ProblemsError with the problems of keys, pipeline and rows together. */
async function checkAll(terminal: Terminal, request: CheckRequest): Promise<Finding> {
  const { flags, pipelineFile, rowsFile } = request;
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);
  const keys = collectProblems(report, () =>
    loadKeysIfAny(terminal, { keyFile: flags.keys, envFile: flags.envFile }),
  );
  const checked = await collectProblems(report, () =>
    checkPipeline({ pipeline: pipelineFile, rows: rowsFile, keys: keys?.configuration }),
  );
  if (!keys || !checked || problems.length > 0) throw new ProblemsError(problems);
  const { configuration, missingSecrets } = keys;
  return { ...checked, missingSecrets, warnings: configuration?.warnings ?? [] };
}
