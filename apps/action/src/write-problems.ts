import { formatProblem, printableText, type Problem, rewordProblem } from "@rota/core";

/** More are not read; each of them is short, so that a summary of this many always fits. */
const MAX_PROBLEMS = 50;
/** UTF-16 units. A problem may quote what is wrong. */
const MAX_PROBLEM_LENGTH = 2_000;

type Redact = (text: string) => string;

/** The step's summary when the run could not begin. */
export function writeProblems(problems: readonly Problem[], redact: Redact): string {
  const shown = problems
    .slice(0, MAX_PROBLEMS)
    .map((problem) => fence(formatProblem(rewordProblem(problem, redact))));
  const rest = problems.length - shown.length;
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  return [
    `## ❌ ${count}; nothing was sent`,
    ...shown,
    ...(rest > 0 ? [`… and ${rest} more.`] : []),
    "",
  ].join("\n\n");
}

/** The step's summary when the run broke off. */
export function writeFailure(message: string, redact: Redact): string {
  return `## ❌ The run could not be carried out\n\n${fence(redact(message))}\n`;
}

/** As a block of code, in which nothing is a link, a mention or HTML, with a fence that it cannot end. */
function fence(text: string): string {
  const shown = printableText(text.slice(0, MAX_PROBLEM_LENGTH));
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}text\n${shown}\n${ticks}`;
}
