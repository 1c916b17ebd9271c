import { suggestName } from "../document/suggest-name.ts";
import { describeMissingColumn } from "./check-columns.ts";
import type { ColumnType, Reference, Step, StepOutput } from "./pipeline.ts";
import type { Report } from "./read-document.ts";

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

type Fault = Pick<Parameters<Report>[0], "code" | "message" | "remedy">;

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
  const meant = suggestName(name, SCOPE_NAMES[per]);
  const here = SCOPE_NAMES[per].join(", ");
  const column = per === "row" ? `; a column is row.${name}` : "";
  const remedy =
    meant === undefined ? `Begin with one of: ${here}${column}` : `Did you mean "${meant}"?`;
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
    const meant = suggestName(id, steps.keys());
    const remedy =
      meant === undefined
        ? `The steps are: ${[...steps.keys()].join(", ")}`
        : `Did you mean "${meant}"?`;
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
  if (!hasClosedFields(output) || output.fields.includes(field)) return undefined;
  const meant = suggestName(field, output.fields);
  const remedy =
    meant === undefined
      ? `Its fields are: ${output.fields.join(", ")}`
      : `Did you mean "${meant}"?`;
  return { code, message: `the step "${id}" has no field "${field}" in its schema`, remedy };
}

/** A schema that names no property leaves them open. */
function hasClosedFields(output: StepOutput): boolean {
  return output.kind === "json-schema" && output.fields.length > 0;
}
