import { suggestRemedy } from "../../document/suggest-remedy.ts";
import type { ProblemText } from "../../vocabulary/problem.ts";
import type { Grouping, Step } from "../pipeline.ts";

/** Whose text it is that refers to something: a step's, a `groupBy`, or the template of a report. */
export type Viewer =
  | { readonly kind: "row" | "run" | "grouping" | "report" }
  | { readonly kind: "group"; readonly grouping: Grouping };

/** By id; undefined for a step that is too wrong to be checked against. */
export type KnownSteps = ReadonlyMap<string, KnownStep | undefined>;

export interface KnownStep extends Pick<Step, "id" | "per" | "output"> {
  /** Of a step per group. */
  readonly grouping: Grouping | undefined;
}

/** What is wrong with a path that begins with `steps`. */
export function findStepMistake(
  [, id, part, field]: readonly string[],
  viewer: Viewer,
  steps: KnownSteps,
): ProblemText | undefined {
  if (id === undefined) {
    const message = "this refers to no step by name";
    return { code: "unknown-step", message, remedy: "Write steps.ID.output" };
  }
  if (!steps.has(id)) return describeUnknownStep(id, steps);
  const step = steps.get(id);
  if (!step) return undefined;
  const unseen = findUnseen(step, viewer);
  if (unseen) return { code: "unknown-step", ...unseen };
  const parts = viewer.kind === "report" ? ["output", "text", "status"] : ["output", "text"];
  if (part !== undefined && !parts.includes(part)) {
    const message = `a step has ${parts.map((known) => `"${known}"`).join(" and ")}, not "${part}"`;
    const remedy = `Write steps.${id}.output.${part} for a field of its reply`;
    return { code: "missing-variable", message, remedy };
  }
  return part === "output" && field !== undefined ? findFieldMistake(step, field) : undefined;
}

export function describeUnknownStep(id: string, steps: ReadonlyMap<string, unknown>): ProblemText {
  const ids = [...steps.keys()];
  const remedy = suggestRemedy(id, ids, `The steps are: ${ids.join(", ")}`);
  return { code: "unknown-step", message: `there is no step "${id}"`, remedy };
}

/** A subject sees the replies about itself and about what it is part of: a row, its groups, the run. */
function findUnseen(
  { id, per, grouping }: KnownStep,
  viewer: Viewer,
): Pick<ProblemText, "message" | "remedy"> | undefined {
  switch (viewer.kind) {
    case "row":
      return undefined;
    case "grouping":
      if (per === "row") return undefined;
      return {
        message: `"groupBy" sees replies about its row, and the step "${id}" runs ${OFTEN[per]}`,
        remedy: "Group by a column, or by the reply of a step that runs for each row",
      };
    case "group":
      if (per === "run" || (per === "group" && grouping === viewer.grouping)) return undefined;
      if (per === "row") return hidden(id, per, "group.rows");
      return {
        message: `the step "${id}" runs for groups by ${grouping?.by}, and these are groups by ${viewer.grouping.by}`,
        remedy: 'Give both steps the same "groupBy"',
      };
    case "run":
    case "report":
      if (per === "run") return undefined;
      return hidden(id, per, per === "row" ? "rows" : "groups");
  }
}

const OFTEN = { row: "for each row", group: "for each group", run: "once" } as const;

function hidden(id: string, per: "row" | "group", list: string) {
  const item = per === "row" ? "r" : "g";
  return {
    message: `the step "${id}" runs ${OFTEN[per]}, and here is no single ${per}`,
    remedy: `Loop: {% for ${item} in ${list} %}{{ ${item}.steps.${id}.output }}{% endfor %}`,
  };
}

function findFieldMistake({ id, output }: KnownStep, field: string): ProblemText | undefined {
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
