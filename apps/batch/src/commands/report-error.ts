import { inspect } from "node:util";
import { formatProblem, ProblemsError, rewordProblem, RotaError, printableText } from "@rota/core";
import { explainError } from "../summary/explain-error.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { formatCounted } from "../text/format-quantity.ts";
import { EXIT_CODE, EXIT_CODE_BY_ERROR_KIND, type ExitCode } from "./exit-code.ts";

/** Says on stderr what went wrong and what to do about it. */
export function reportError(error: unknown, terminal: Terminal): ExitCode {
  const { stderr } = terminal;
  const { palette } = stderr;
  if (error instanceof ProblemsError) {
    const count = formatCounted(error.problems.length, "problem");
    const problems = error.problems
      .map((problem) => rewordProblem(problem, (text) => terminal.redact(text)))
      .map((problem) => printableText(formatProblem(problem)));
    stderr.write(`${problems.join("\n\n")}\n\n${palette.red(`✖ ${count}; nothing was sent.`)}\n`);
    return EXIT_CODE.userMistake;
  }
  if (error instanceof RotaError && error.kind !== "bug") {
    stderr.write(`${palette.red("✖")} ${printableText(explainError(error, terminal))}\n`);
    return EXIT_CODE_BY_ERROR_KIND[error.kind];
  }
  stderr.write(
    `${palette.red("✖ Sorry: this is a bug in rota.")} What was done so far is kept in the state ` +
      `directory (.rota by default);\n  the same command continues from there. Please report this:\n\n` +
      `${printableText(inspect(error, { colors: false, maxStringLength: null }))}\n`,
  );
  return EXIT_CODE.bug;
}
