import { RotaError } from "./error.ts";

/** Every kind of mistake that can be found in what the user wrote. */
export type ProblemCode =
  | "csv-header"
  | "csv-row"
  | "duplicate"
  | "expression"
  | "file-unreadable"
  | "invalid-value"
  | "json-line"
  | "json-schema"
  | "missing-field"
  | "missing-variable"
  | "model-not-allowed"
  | "no-key"
  | "option"
  | "output-path"
  | "secret-exposed"
  | "secret-unavailable"
  | "template"
  | "too-large"
  | "unknown-field"
  | "unknown-key"
  | "unknown-model"
  | "unknown-step"
  | "yaml";

/** A mistake in what the user wrote: what, where, and what to do. Collected, then shown together. */
export interface Problem {
  readonly code: ProblemCode;
  /** What is wrong, in one sentence without a full stop at the end. */
  readonly message: string;
  /** What to do, in one imperative sentence without a full stop at the end. */
  readonly remedy: string;
  /** The path as the user gave it. */
  readonly file?: string | undefined;
  readonly position?: Position | undefined;
}

/** What a problem says, wherever it stands. */
export type ProblemText = Pick<Problem, "code" | "message" | "remedy">;

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** Units that the caret underlines; at least 1. */
  readonly length: number;
  /** The text of that line. */
  readonly excerpt: string;
}

/** Everything that was found wrong, all at once, before anything is sent. */
export class ProblemsError extends RotaError {
  readonly code = "invalid-input";
  readonly kind = "user";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(formatProblem).join("\n\n"), options);
    this.problems = problems;
  }
}

/** A problem with each text that it shows gone through `reword`, the excerpt before it is cut. */
export function rewordProblem(problem: Problem, reword: (text: string) => string): Problem {
  const { message, remedy, position } = problem;
  return {
    ...problem,
    message: reword(message),
    remedy: reword(remedy),
    position: position && { ...position, excerpt: reword(position.excerpt) },
  };
}

/** Takes note of a problem, so that others are found as well. */
export type ReportProblem = (problem: Problem) => void;

/**
 * Runs `action`, and reports the problems that it throws instead of throwing them, so that those of
 * other parts are found too. The action may be asynchronous.
 * @returns undefined when there were problems
 */
export function collectProblems<T>(
  report: ReportProblem,
  action: () => Promise<T>,
): Promise<T | undefined>;
export function collectProblems<T>(report: ReportProblem, action: () => T): T | undefined;
export function collectProblems<T>(
  report: ReportProblem,
  action: () => T | Promise<T>,
): T | undefined | Promise<T | undefined> {
  const onError = (error: unknown): undefined => {
    if (!(error instanceof ProblemsError)) throw error;
    error.problems.forEach(report);
  };
  try {
    const result = action();
    return result instanceof Promise ? result.catch(onError) : result;
  } catch (error) {
    return onError(error);
  }
}

/**
 * Shows a problem as text:
 *
 *     tickets.yml:12:9: unknown field "mesages"
 *        12 |         mesages:
 *           |         ^^^^^^^
 *        -> Did you mean "messages"?
 */
export function formatProblem(problem: Problem): string {
  const { file, position, message, remedy } = problem;
  const place = [file, position?.line, position?.column].filter((part) => part !== undefined);
  const lines = [place.length > 0 ? `${place.join(":")}: ${message}` : message];
  if (position) lines.push(...underline(position));
  lines.push(`   -> ${remedy}`);
  return lines.join("\n");
}

/** Longer lines are cut around the place, so that a caret stays in sight. */
const EXCERPT_WIDTH = 100;

function underline({ line, column, length, excerpt }: Position): string[] {
  const start = Math.max(0, column - 1 - EXCERPT_WIDTH / 2);
  const shown = excerpt.slice(start, start + EXCERPT_WIDTH);
  const before = shown.slice(0, column - 1 - start).replace(/[^\t]/g, " ");
  const caretLength = Math.max(1, Math.min(length, shown.length - before.length));
  const gutter = String(line).padStart(5);
  return [
    `${gutter} | ${shown}`,
    `${" ".repeat(gutter.length)} | ${before}${"^".repeat(caretLength)}`,
  ];
}
