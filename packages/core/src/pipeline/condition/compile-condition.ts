import { EvaluationError, ParseError } from "@marcbachmann/cel-js";
import type { ASTNode, ParseResult, TypeError } from "@marcbachmann/cel-js";
import type { ColumnType } from "../../vocabulary/column-type.ts";
import { ConditionError } from "./condition-error.ts";
import { createEnvironment, createTypedEnvironment } from "./condition-environment.ts";
import { findCalls, findLoopInside, findPaths } from "./condition-nodes.ts";
import type { Per } from "../../vocabulary/subject.ts";
import type { Condition, Reference, Scope } from "../pipeline.ts";
import type { SourceText } from "../section/source-text.ts";
import { SCOPE_NAMES } from "../scope-names.ts";

/** UTF-16 units. */
const MAX_CONDITION_LENGTH = 4000;

/** Loops inside of each other: three over a hundred items are a million steps for one row. */
const MAX_LOOP_DEPTH = 2;

export interface LocatedCondition {
  readonly condition: Condition;
  readonly references: readonly Reference[];
}

/** Compiles a `when:` in CEL; everything that is wrong with it is reported where it stands. */
export function compileCondition(
  source: SourceText,
  per: Per,
  columns: ReadonlyMap<string, ColumnType> | undefined,
): LocatedCondition | undefined {
  const { text } = source;
  const reportAt = (start: number, end: number, message: string, remedy: string) =>
    source.report({ code: "expression", message, remedy }, start, end - start);

  if (text.length > MAX_CONDITION_LENGTH) {
    reportAt(0, 1, `the condition is longer than ${MAX_CONDITION_LENGTH} characters`, "Shorten it");
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
  const loop = findLoopInside(expression.ast, MAX_LOOP_DEPTH);
  if (loop) {
    const message = `a condition may loop inside of one other loop, and this is one more`;
    reportAt(loop.range.start, loop.range.end, message, "Put what it finds into a reply or column");
  }
  return {
    condition: { source: text, evaluate: (scope) => evaluate(expression, scope) },
    references: listReferences(expression.ast, per, source),
  };
}

function findTypeError(
  expression: ParseResult,
  text: string,
  per: Per,
  columns: ReadonlyMap<string, ColumnType> | undefined,
): TypeError | ParseError | undefined {
  const { error, type } = expression.check();
  if (error) return error;
  if (type !== "bool" && type !== "dyn") return notBoolean(`it gives ${type}`, expression.ast);
  if (per !== "row" || columns === undefined) return undefined;
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

const BEGINNINGS = {
  row: "Begin with row or steps: row.NAME is a column, steps.ID.output a reply",
  group: "Begin with group or steps: group.key is its name, group.rows are its rows",
  run: "Begin with rows, groups, run or steps",
} as const;

function chooseRemedy({ code }: { readonly code: string }, per: Per): string {
  switch (code) {
    case "unknown_variable":
      return BEGINNINGS[per];
    case "no_such_overload":
      return 'Put text in quotes; declare columns of numbers under "input.columns"';
    case "not_boolean":
      return 'Compare it with something, such as == "yes"';
    default:
      return "Use a function that CEL has for these types";
  }
}

function listReferences(ast: ASTNode, per: Per, source: SourceText): Reference[] {
  const names = new Set<string>(SCOPE_NAMES[per]);
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
