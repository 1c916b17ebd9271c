import { EvaluationError, ParseError } from "@marcbachmann/cel-js";
import type { ASTNode, ParseResult, TypeError } from "@marcbachmann/cel-js";
import type { ColumnType } from "../../vocabulary/column-type.ts";
import { ConditionError } from "./condition-error.ts";
import { createEnvironment, createTypedEnvironment } from "./condition-environment.ts";
import { findCalls, findPaths } from "./condition-nodes.ts";
import type { Condition, Reference, Scope, Step } from "../pipeline.ts";
import type { Report } from "../read-document.ts";
import type { SourceText } from "../source-text.ts";

/** UTF-16 units. */
const LONGEST_CONDITION = 4000;

export interface LocatedCondition {
  readonly condition: Condition;
  readonly references: readonly Reference[];
}

/** Compiles a `when:` in CEL; everything that is wrong with it is reported where it stands. */
export function compileCondition(
  source: SourceText,
  per: Step["per"],
  columns: ReadonlyMap<string, ColumnType> | undefined,
  report: Report,
): LocatedCondition | undefined {
  const { text } = source;
  const reportAt = (start: number, end: number, message: string, remedy: string) =>
    report({ code: "expression", message, remedy, ...source.locate(start, end - start) });

  if (text.length > LONGEST_CONDITION) {
    reportAt(0, 1, `the condition is longer than ${LONGEST_CONDITION} characters`, "Shorten it");
    return undefined;
  }
  let expression: ParseResult;
  try {
    expression = createEnvironment(per).parse(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { start, end } = error.range ?? { start: 0, end: 1 };
    reportAt(start, end, `the condition cannot be read: ${error.summary}`, SYNTAX_REMEDY);
    return undefined;
  }
  const error = findTypeError(expression, text, per, columns);
  if (error) {
    const { start, end } = error.range ?? { start: 0, end: text.length };
    reportAt(start, end, `the condition does not work: ${error.summary}`, chooseRemedy(error, per));
  }
  for (const { range } of findCalls(expression.ast, "matches")) {
    // It would run the pattern on JavaScript's backtracking engine, which one row can stall.
    reportAt(range.start, range.end, "a condition cannot use matches()", MATCHES_REMEDY);
  }
  return {
    condition: { source: text, evaluate: (scope) => evaluate(expression, scope) },
    references: listReferences(expression.ast, source),
  };
}

function findTypeError(
  expression: ParseResult,
  text: string,
  per: Step["per"],
  columns: ReadonlyMap<string, ColumnType> | undefined,
): TypeError | ParseError | undefined {
  const { error, type } = expression.check();
  if (error) return error;
  if (type !== "bool" && type !== "dyn") return notBoolean(`it gives ${type}`, expression.ast);
  if (per === "run" || columns === undefined) return undefined;
  const typed = createTypedEnvironment(columns).check(text);
  // A column that is not declared is reported with all other references.
  if (typed.error?.code === "no_such_key") return undefined;
  return (
    typed.error ??
    (typed.type === "string" ? notBoolean("it gives text", expression.ast) : undefined)
  );
}

function notBoolean(summary: string, node: ASTNode): ParseError {
  return new ParseError({
    code: "not_boolean",
    message: `${summary}, not true or false`,
    range: node.range,
  });
}

const SYNTAX_REMEDY = 'Write it in CEL, such as row.language == "de" && row.body.contains("!")';

const MATCHES_REMEDY = "Use contains(), startsWith(), endsWith() or ==";

function chooseRemedy({ code }: { readonly code: string }, per: Step["per"]): string {
  switch (code) {
    case "unknown_variable":
      return per === "row"
        ? "Begin with row or steps: row.NAME is a column, steps.ID.output a reply"
        : "Begin with rows, run or steps";
    case "no_such_overload":
      return 'Put text in quotes; declare columns of numbers under "input.columns"';
    case "not_boolean":
      return 'Compare it with something, such as == "yes"';
    default:
      return "Use a function that CEL has for these types";
  }
}

function listReferences(ast: ASTNode, source: SourceText): Reference[] {
  const names = new Set(["row", "steps", "rows", "run"]);
  return Array.from(findPaths(ast))
    .filter(({ path: [root = ""] }) => names.has(root))
    .map(({ path, node: { range } }) => ({
      path,
      place: source.locate(range.start, range.end - range.start),
    }));
}

function evaluate(expression: ParseResult, scope: Scope): boolean {
  let value: unknown;
  try {
    value = expression({ ...scope });
  } catch (cause) {
    const reason = cause instanceof EvaluationError ? cause.summary : String(cause);
    throw new ConditionError(`the condition cannot be evaluated: ${reason}`, { cause });
  }
  if (typeof value === "boolean") return value;
  throw new ConditionError("the condition gives neither true nor false");
}
