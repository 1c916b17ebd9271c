import { suggestRemedy } from "../document/suggest-remedy.ts";
import { listNames } from "../vocabulary/list-names.ts";
import type { Problem } from "../vocabulary/problem.ts";
import { stepColumns } from "../vocabulary/step-columns.ts";
import { listSteps, type Pipeline } from "./pipeline.ts";

/**
 * Checks a pipeline against the columns that the rows have, once these are known.
 * @returns a problem for each column that is referred to and not there, and for each column of the
 *   results that the rows have already
 */
export function checkColumns(pipeline: Pipeline, columns: readonly string[]): Problem[] {
  const known = new Set(columns);
  const references = [
    ...pipeline.input.references,
    ...listSteps(pipeline).flatMap((step) => step.references),
  ];
  const problems: Problem[] = [];
  for (const {
    path: [root, name],
    place,
  } of references) {
    if (root !== "row" || name === undefined || known.has(name)) continue;
    problems.push({ ...describeMissingColumn(name, columns), ...place });
  }
  for (const step of listSteps(pipeline, "row")) {
    for (const name of stepColumns(step).filter((column) => known.has(column))) {
      problems.push({
        code: "duplicate",
        message: `the rows already have a column "${name}", which this step writes`,
        remedy: "Rename the step, or the column in the rows",
        ...step.place,
      });
    }
  }
  return problems;
}

export function describeMissingColumn(name: string, columns: readonly string[]) {
  return {
    code: "missing-variable",
    message: `there is no column "${name}"`,
    remedy: suggestRemedy(name, columns, `The columns are: ${listNames(columns)}`),
  } as const;
}
