import type { Problem } from "../vocabulary/problem.ts";
import { describeMissingColumn } from "./check-columns.ts";
import type { ColumnType, Reference, Step } from "./pipeline.ts";
import type { Report } from "./read-document.ts";
import { suggestRemedy } from "./suggest-remedy.ts";

/** What a text can refer to: the scope of a step per row, or that of a step or report per run. */
export interface Surroundings {
  readonly per: Step["per"];
  /** By id; undefined for one that is too wrong to be checked against. */
  readonly steps: ReadonlyMap<string, Step | undefined>;
  readonly columns: ReadonlyMap<string, ColumnType> | undefined;
}

const SCOPE_NAMES = { row: ["row", "steps"], run: ["rows", "run", "steps"] } as const;

/** Reports every reference to something that is not there. */
export function checkReferences(
  references: readonly Reference[],
  surroundings: Surroundings,
  report: Report,
): void {
  for (const { path, place } of references) {
    const fault = findFault(path, surroundings);
    if (fault) report({ ...fault, ...place });
  }
}

type Fault = Pick<Problem, "code" | "message" | "remedy">;

function findFault(path: readonly string[], surroundings: Surroundings): Fault | undefined {
  const [root = "", name] = path;
  const { per, columns } = surroundings;
  const known: readonly string[] = SCOPE_NAMES[per];
  if (!known.includes(root)) return describeUnknownName(root, per);
  if (root === "steps") return findStepFault(path, surroundings);
  if (root === "row" && name !== undefined && columns && !columns.has(name)) {
    return describeMissingColumn(name, [...columns.keys()]);
  }
  return undefined;
}

function describeUnknownName(name: string, per: Step["per"]): Fault {
  const code = "missing-variable";
  if (per === "run" && name === "row") {
    const message = "there is no single row here: this is written once, over all rows";
    return { code, message, remedy: "Loop: {% for r in rows %}{{ r.row.NAME }}{% endfor %}" };
  }
  if (per === "row" && (name === "rows" || name === "run")) {
    const message = `a step that runs for each row cannot see "${name}"`;
    return { code, message, remedy: 'Move it to a step with "per: run"' };
  }
  const names = SCOPE_NAMES[per];
  const column = per === "row" ? `; a column is row.${name}` : "";
  const remedy = suggestRemedy(name, names, `Begin with one of: ${names.join(", ")}${column}`);
  return { code, message: `there is no variable "${name}"`, remedy };
}

function findStepFault(
  [, id, part, field]: readonly string[],
  { per, steps }: Surroundings,
): Fault | undefined {
  if (id === undefined) {
    const message = "this refers to no step by name";
    return { code: "unknown-step", message, remedy: "Write steps.ID.output" };
  }
  if (!steps.has(id)) {
    const ids = [...steps.keys()];
    const remedy = suggestRemedy(id, ids, `The steps are: ${ids.join(", ")}`);
    return { code: "unknown-step", message: `there is no step "${id}"`, remedy };
  }
  const step = steps.get(id);
  if (!step) return undefined;
  if (step.per !== per) return describeOtherPace(step);
  if (part !== undefined && part !== "output" && part !== "text") {
    const message = `a step has "output" and "text", not "${part}"`;
    const remedy = `Write steps.${id}.output.${part} for a field of its reply`;
    return { code: "missing-variable", message, remedy };
  }
  return part === "output" && field !== undefined ? findFieldFault(step, field) : undefined;
}

function describeOtherPace({ id, per }: Step): Fault {
  return per === "row"
    ? {
        code: "unknown-step",
        message: `the step "${id}" runs for each row, and here is no single row`,
        remedy: `Loop: {% for r in rows %}{{ r.steps.${id}.output }}{% endfor %}`,
      }
    : {
        code: "unknown-step",
        message: `the step "${id}" runs once, when all rows are through`,
        remedy: 'Use it in a step with "per: run", or make it run for each row',
      };
}

function findFieldFault({ id, output }: Step, field: string): Fault | undefined {
  const code = "missing-variable";
  if (output.kind === "text") {
    const message = `the step "${id}" replies with text, which has no field "${field}"`;
    return { code, message, remedy: 'Give the step an "output" with a "schema"' };
  }
  const { fields } = output;
  // A schema that names no field leaves them open.
  if (fields.length === 0 || fields.includes(field)) return undefined;
  const remedy = suggestRemedy(field, fields, `Its fields are: ${fields.join(", ")}`);
  return { code, message: `the step "${id}" has no field "${field}" in its schema`, remedy };
}
