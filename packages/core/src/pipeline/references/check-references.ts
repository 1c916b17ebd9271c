import { suggestRemedy } from "../../document/suggest-remedy.ts";
import type { ColumnType } from "../../vocabulary/column-type.ts";
import type { ProblemText, ReportProblem } from "../../vocabulary/problem.ts";
import { ROW_COUNTS, RUN_PARTS } from "../../vocabulary/run-parts.ts";
import { describeMissingColumn } from "../check-columns.ts";
import type { Reference } from "../pipeline.ts";
import { SCOPE_NAMES } from "../scope-names.ts";
import { findStepMistake, type KnownSteps, type Viewer } from "./find-step-mistake.ts";

/** What a text can refer to. */
export interface Surroundings {
  readonly viewer: Viewer;
  readonly steps: KnownSteps;
  readonly columns: ReadonlyMap<string, ColumnType> | undefined;
}

/** Reports every reference to something that is not there. */
export function checkReferences(
  references: readonly Reference[],
  surroundings: Surroundings,
  reportProblem: ReportProblem,
): void {
  for (const { path, place } of references) {
    const mistake = findMistake(path, surroundings);
    if (mistake) reportProblem({ ...mistake, ...place });
  }
}

function findMistake(
  path: readonly string[],
  { viewer, steps, columns }: Surroundings,
): ProblemText | undefined {
  const [root = "", name] = path;
  if (!listNames(viewer).includes(root)) return describeUnknownName(root, viewer);
  switch (root) {
    case "steps":
      return findStepMistake(path, viewer, steps);
    case "run": {
      const parts = viewer.kind === "report" ? RUN_PARTS.report : RUN_PARTS.step;
      return findPartMistake(path, parts, "rows");
    }
    case "group":
      return findPartMistake(path, GROUP_PARTS, "counts");
    case "row":
      return name !== undefined && columns && !columns.has(name)
        ? describeMissingColumn(name, [...columns.keys()])
        : undefined;
    default:
      return undefined;
  }
}

const GROUP_PARTS = ["key", "rows", "counts"];

/** @param counts the part that has counts of rows */
function findPartMistake(
  [root = "", part, count]: readonly string[],
  parts: readonly string[],
  counts: string,
): ProblemText | undefined {
  if (part !== undefined && !parts.includes(part)) return describeUnknownPart(root, part, parts);
  const known: readonly string[] = ROW_COUNTS;
  return part === counts && count !== undefined && !known.includes(count)
    ? describeUnknownPart(`${root}.${counts}`, count, known)
    : undefined;
}

function describeUnknownPart(of: string, name: string, parts: readonly string[]): ProblemText {
  const remedy = suggestRemedy(name, parts, `It has: ${parts.join(", ")}`);
  return { code: "missing-variable", message: `"${of}" has no "${name}" here`, remedy };
}

function describeUnknownName(name: string, viewer: Viewer): ProblemText {
  const code = "missing-variable";
  const hint = findHint(name, viewer);
  if (hint) return { code, ...hint };
  const names = listNames(viewer);
  const column = names.includes("row") ? `; a column is row.${name}` : "";
  const remedy = suggestRemedy(name, names, `Begin with one of: ${names.join(", ")}${column}`);
  return { code, message: `there is no variable "${name}"`, remedy };
}

function listNames({ kind }: Viewer): readonly string[] {
  if (kind === "grouping") return SCOPE_NAMES.row;
  return SCOPE_NAMES[kind === "report" ? "run" : kind];
}

/** What to say of a name that is there elsewhere, and not for this viewer. */
function findHint(
  name: string,
  { kind }: Viewer,
): Pick<ProblemText, "message" | "remedy"> | undefined {
  switch (`${kind} ${name}`) {
    case "row rows":
    case "row groups":
    case "row run":
      return {
        message: `a step that runs for each row cannot see "${name}"`,
        remedy: 'Move it to a step with "per: run"',
      };
    case "row group":
      return {
        message: 'a step that runs for each row cannot see "group"',
        remedy: 'Write steps.ID.output for the reply of a step with "per: group"',
      };
    case "grouping rows":
    case "grouping groups":
    case "grouping group":
    case "grouping run":
      return {
        message: `"groupBy" puts one row into its group, and cannot see "${name}"`,
        remedy: "Refer to a column, such as row.product",
      };
    case "group row":
      return {
        message: "there is no single row here: this is written once for each group",
        remedy: "Loop: {% for r in group.rows %}{{ r.row.NAME }}{% endfor %}",
      };
    case "group rows":
      return {
        message: "a step that runs for each group sees the rows of its group only",
        remedy: "Write group.rows",
      };
    case "group groups":
    case "group run":
      return {
        message: `a step that runs for each group cannot see "${name}"`,
        remedy: 'Move it to a step with "per: run"',
      };
    case "run row":
    case "report row":
      return {
        message: "there is no single row here: this is written once, over all rows",
        remedy: "Loop: {% for r in rows %}{{ r.row.NAME }}{% endfor %}",
      };
    case "run group":
    case "report group":
      return {
        message: "there is no single group here: this is written once, over all groups",
        remedy: "Loop: {% for g in groups %}{{ g.key }}{% endfor %}",
      };
    default:
      return undefined;
  }
}
