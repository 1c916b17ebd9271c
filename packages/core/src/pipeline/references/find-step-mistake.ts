import { suggestRemedy } from "../../document/suggest-remedy.ts";
import type { ProblemText } from "../../vocabulary/problem.ts";
import type { Grouping, Step } from "../pipeline.ts";

/** Whose text it is that refers to something: a step's, a `groupBy`, or the template of a report. */
export type Viewer = { readonly kind: "row" | "run" | "grouping" | "report" } | GroupViewer;

interface GroupViewer {
  readonly kind: "group";
  readonly grouping: Grouping;
}

type Words = Pick<ProblemText, "message" | "remedy">;

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

/** What is wrong with an entry of a step's `needs`. */
export function findNeedMistake(
  id: string,
  viewer: Viewer,
  steps: KnownSteps,
): ProblemText | undefined {
  if (!steps.has(id)) return describeUnknownStep(id, steps);
  const step = steps.get(id);
  return step && isOfOtherGroups(step, viewer)
    ? { code: "unknown-step", ...describeOtherGroups(step, viewer) }
    : undefined;
}

/** What is wrong with looking at a step's replies through the rows or groups that a viewer sees. */
export function findMentionMistake(
  id: string,
  viewer: Viewer,
  steps: KnownSteps,
): ProblemText | undefined {
  const step = steps.get(id);
  if (!step || step.per === "row") return undefined;
  if (viewer.kind === "group") {
    const remedy = isOfOtherGroups(step, viewer)
      ? "Take its reply over in a step per row, and look at that"
      : `Write steps.${id}.output`;
    const message = `a group's rows have the replies of steps per row, and "${id}" is per ${step.per}`;
    return { code: "unknown-step", message, remedy };
  }
  if (viewer.kind === "run" && step.per === "run") {
    const message = `rows and groups have no replies about the run, and "${id}" is per run`;
    return { code: "unknown-step", message, remedy: `Write steps.${id}.output` };
  }
  return undefined;
}

export function describeUnknownStep(id: string, steps: ReadonlyMap<string, unknown>): ProblemText {
  const ids = [...steps.keys()];
  const remedy = suggestRemedy(id, ids, `The steps are: ${ids.join(", ")}`);
  return { code: "unknown-step", message: `there is no step "${id}"`, remedy };
}

/** A subject sees the replies about itself and about what it is part of: a row, its groups, the run. */
function findUnseen(step: KnownStep, viewer: Viewer): Words | undefined {
  const { id, per } = step;
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
      if (per === "row") return describeHidden(id, per, "group.rows");
      return isOfOtherGroups(step, viewer) ? describeOtherGroups(step, viewer) : undefined;
    case "run":
    case "report":
      if (per === "run") return undefined;
      return describeHidden(id, per, per === "row" ? "rows" : "groups");
  }
}

function isOfOtherGroups({ per, grouping }: KnownStep, viewer: Viewer): viewer is GroupViewer {
  return viewer.kind === "group" && per === "group" && grouping !== viewer.grouping;
}

function describeOtherGroups({ id, grouping }: KnownStep, viewer: GroupViewer): Words {
  return {
    message: `the step "${id}" runs for groups by ${grouping?.by}, and these are groups by ${viewer.grouping.by}`,
    remedy: 'Give both steps the same "groupBy"',
  };
}

const OFTEN = { row: "for each row", group: "for each group", run: "once" } as const;

function describeHidden(id: string, per: "row" | "group", list: string): Words {
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
