import type { CallStatus } from "../vocabulary/journal.ts";
import type { Template } from "../template/template.ts";
import { MAX_LISTED_ROWS, writeDefaultReport } from "./default-report.ts";
import type { FinishedGroup, FinishedRow, FinishedSteps } from "../vocabulary/finished.ts";
import type { ReportRun } from "./report-data.ts";

/** A Markdown report in the making: rows are shown to it in input order, then it is rendered. */
export interface Report {
  /** False for rows that the report says nothing of: they need not be kept, nor shown to it. */
  wants(status: CallStatus): boolean;
  add(row: FinishedRow): void;
  /** False for a report that says nothing of groups: then it is given none. */
  readonly wantsGroups: boolean;
  /** @throws TemplateError when the template cannot be filled in with what there is */
  render(run: ReportRun, steps: FinishedSteps, groups: readonly FinishedGroup[]): string;
}

/**
 * Begins a report.
 * @param template sees `run`, `steps`, `groups` and `rows`; every row is kept in memory only if it names
 *   `rows`. Undefined means the built-in report.
 */
export function createReport(template: Template | undefined): Report {
  const rows: FinishedRow[] = [];
  const add = (row: FinishedRow) => void rows.push(row);
  if (!template) {
    return {
      wants: (status) =>
        (status === "failed" || status === "uncertain") && rows.length < MAX_LISTED_ROWS,
      add,
      wantsGroups: true,
      render: (run, steps, groups) => writeDefaultReport(run, { steps, groups, listedRows: rows }),
    };
  }
  const names = (name: string) => template.variables.some(({ path }) => path[0] === name);
  const namesRows = names("rows");
  return {
    wants: () => namesRows,
    add,
    wantsGroups: names("groups"),
    render: (run, steps, groups) => template.render({ run, steps, groups, rows }),
  };
}
