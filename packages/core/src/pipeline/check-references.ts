import type { Problem } from "../vocabulary/problem.ts";
import type { ColumnType } from "../vocabulary/column-type.ts";
import { describeMissingColumn } from "./check-columns.ts";
import type { Reference, Step } from "./pipeline.ts";
import type { Report } from "./read-document.ts";
import { suggestRemedy } from "./suggest-remedy.ts";

/** What a text can refer to: the scope of a step per row, or that of a step or report per run. */
export interface Surroundings {
  readonly per: Step["per"];
  /** A report is written when the run has ended, and sees more of it than a step does. */
  readonly isReport: boolean;
  /** By id; undefined for one that is too wrong to be checked against. */
  readonly steps: ReadonlyMap<string, Step | undefined>;
  readonly columns: ReadonlyMap<string, ColumnType> | undefined;
}

/** Parts of `run`, by who sees it. */
const RUN_PARTS = {
  step: ["name", "rows"],
  report: [
    "name",
    "id",
    "simulated",
    "status",
    "message",
    "startedAt",
    "durationSeconds",
    "rows",
    "calls",
    "tokens",
    "costUsd",
    "unpricedCalls",
    "keys",
  ],
} as const;

/** Parts of `run.rows`. */
const ROW_COUNTS: readonly string[] = ["total", "done", "failed", "skipped", "uncertain"];

const SCOPE_NAMES = {
  row: ["row", "steps"],
  group: ["group", "steps"],
  run: ["rows", "run", "steps"],
} as const;

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
  const { per, columns, isReport } = surroundings;
  const known: readonly string[] = SCOPE_NAMES[per];
  if (!known.includes(root)) return describeUnknownName(root, per);
  if (root === "steps") return findStepFault(path, surroundings);
  if (root === "run") return findRunFault(path, isReport);
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

function findRunFault([, part, count]: readonly string[], isReport: boolean): Fault | undefined {
  const parts: readonly string[] = isReport ? RUN_PARTS.report : RUN_PARTS.step;
  if (part !== undefined && !parts.includes(part)) return describeRunPart("run", part, parts);
  if (part === "rows" && count !== undefined && !ROW_COUNTS.includes(count)) {
    return describeRunPart("run.rows", count, ROW_COUNTS);
  }
  return undefined;
}

function describeRunPart(of: string, name: string, parts: readonly string[]): Fault {
  const remedy = suggestRemedy(name, parts, `It has: ${parts.join(", ")}`);
  return { code: "missing-variable", message: `"${of}" has no "${name}" here`, remedy };
}

function findStepFault(
  [, id, part, field]: readonly string[],
  { per, steps, isReport }: Surroundings,
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
  const parts = isReport ? ["output", "text", "status"] : ["output", "text"];
  if (part !== undefined && !parts.includes(part)) {
    const message = `a step has ${parts.map((known) => `"${known}"`).join(" and ")}, not "${part}"`;
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
