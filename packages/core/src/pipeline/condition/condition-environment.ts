import { Environment } from "@marcbachmann/cel-js";
import type { ColumnType } from "../../vocabulary/column-type.ts";
import type { Per } from "../../vocabulary/subject.ts";
import type { Scope } from "../pipeline.ts";
import { SCOPE_NAMES } from "../scope-names.ts";

const TYPES: Readonly<Record<keyof Scope, string>> = {
  row: "map<string, dyn>",
  group: "map<string, dyn>",
  rows: "list<dyn>",
  groups: "list<dyn>",
  run: "map<string, dyn>",
  steps: "map<string, dyn>",
};

/** What evaluates conditions: the types of values show when they are there. */
export function createEnvironment(per: Per): Environment {
  const environment = createBareEnvironment();
  for (const name of SCOPE_NAMES[per]) environment.registerVariable(name, TYPES[name]);
  return environment;
}

/**
 * What finds, before any row is there, that a text column is taken for a number. Columns of other
 * types may be null, and stay undecided.
 */
export function createTypedEnvironment(columns: ReadonlyMap<string, ColumnType>): Environment {
  const schema = Object.fromEntries(
    Array.from(columns, ([name, type]) => [name, type === "string" ? "string" : "dyn"]),
  );
  return createBareEnvironment()
    .registerVariable("row", { schema })
    .registerVariable("steps", TYPES.steps);
}

/** The limits are far above what a person writes; they bound the time that one row can take. */
function createBareEnvironment(): Environment {
  const environment = new Environment({
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 500, maxDepth: 32 },
  });
  addMixedArithmetic(environment);
  return environment;
}

/**
 * Numbers from rows and replies are doubles, and CEL does not calculate with a double and an int:
 * `row.price + 1` would fail. It compares them without help.
 */
function addMixedArithmetic(environment: Environment): void {
  for (const [operator, calculate] of Object.entries(ARITHMETIC)) {
    const handler = (left: number | bigint, right: number | bigint) =>
      calculate(Number(left), Number(right));
    environment.registerOperator(`double ${operator} int: double`, handler);
    environment.registerOperator(`int ${operator} double: double`, handler);
  }
  environment.registerOperator("double % double: double", ARITHMETIC["%"]);
}

const ARITHMETIC = {
  "+": (left: number, right: number) => left + right,
  "-": (left: number, right: number) => left - right,
  "*": (left: number, right: number) => left * right,
  "/": (left: number, right: number) => left / right,
  "%": (left: number, right: number) => left % right,
};
