import type { JournalReader } from "../vocabulary/journal.ts";
import type { RowSource } from "../vocabulary/row-source.ts";
import type { RunSummary } from "../vocabulary/run-summary.ts";
import { listSteps, type Output, type Pipeline } from "../pipeline/pipeline.ts";
import { createReport, type Report } from "../report/report.ts";
import { describeRun } from "../report/report-data.ts";
import { findError, readResults, resultsByStep, statusOf } from "../results/step-results.ts";
import { toFinishedRow, toFinishedSteps } from "../results/to-finished.ts";
import { joinCalls } from "../results/row-work.ts";
import { StorageError } from "../vocabulary/error.ts";
import { TemplateError } from "../template/template-error.ts";
import { GroupFinder, toGroup, type GroupOutcome } from "../results/group-outcomes.ts";
import type { OutputPlace } from "./output-place.ts";
import { layOutGroups, layOutResults } from "./table/result-columns.ts";
import { toGroupRecord, toResultRecord } from "./table/result-record.ts";
import { openTableWriter, type TableWriter } from "./table/table-writer.ts";
import { writeTextFile } from "./write-text-file.ts";

/** An output, and where it is made. */
export interface DeliveredOutput extends Output {
  readonly place: OutputPlace;
}

/** What outputs are made from. */
export interface Deliverables {
  readonly pipeline: Pipeline;
  /** Those of the input. */
  readonly columns: readonly string[];
  readonly source: RowSource;
  readonly journal: JournalReader;
}

interface WrittenReport {
  readonly place: OutputPlace;
  readonly report: Report;
}

/** Outputs in the making. */
interface OpenOutputs {
  readonly rowTables: TableWriter[];
  readonly groupTables: { readonly by: string; readonly table: TableWriter }[];
  readonly reports: WrittenReport[];
}

/**
 * Writes every output from the journal, in one pass over the rows. Each file appears whole, by a
 * rename, or stays as it was; after a failure the same command writes those that are missing.
 * @returns what was written, and why reports could not be filled in, if any could not
 * @throws StorageError
 */
export async function writeOutputs(
  outputs: readonly DeliveredOutput[],
  deliverables: Deliverables,
  { summary, startedAtMs }: { summary: RunSummary; startedAtMs: number },
): Promise<{ written: readonly string[]; failures: readonly string[] }> {
  const { pipeline, journal } = deliverables;
  const open: OpenOutputs = { rowTables: [], groupTables: [], reports: [] };
  const groups: GroupOutcome[] = [];
  try {
    await openOutputs(outputs, deliverables, summary, open);
    const finder = new GroupFinder(pipeline);
    await showRows(deliverables, summary, finder, open);
    const keepsGroups = open.reports.some(({ report }) => report.wantsGroups);
    for await (const group of finder.read(journal)) {
      await showGroup(group, summary, open);
      if (keepsGroups) groups.push(group);
    }
    for (const table of listTables(open)) await table.commit();
  } catch (error) {
    await Promise.all(listTables(open).map((table) => table.discard()));
    throw error;
  }
  const runSteps = listSteps(pipeline, "run");
  const steps = toFinishedSteps(await readResults(journal, { per: "run" }, runSteps), runSteps);
  const run = describeRun(summary, startedAtMs);
  const failures = await writeReports(open.reports, (report) =>
    report.render(run, steps, groups.map(toGroup)),
  );
  const written = outputs.map(({ file }) => file).filter((file) => !failures.has(file));
  return { written, failures: [...failures.values()] };
}

async function openOutputs(
  outputs: readonly DeliveredOutput[],
  { pipeline, columns }: Deliverables,
  summary: RunSummary,
  open: OpenOutputs,
): Promise<void> {
  const rows = layOutResults(columns, listSteps(pipeline, "row"), summary);
  for (const { place, format, formulas, template, groupsOf } of outputs) {
    if (format === "markdown") {
      open.reports.push({ place, report: createReport(template) });
    } else if (groupsOf) {
      const { by } = groupsOf;
      const { columns: ofGroups } = layOutGroups(stepsOver(pipeline, by), summary);
      const table = await openTableWriter(place, { format, columns: ofGroups, formulas });
      open.groupTables.push({ by, table });
    } else {
      open.rowTables.push(
        await openTableWriter(place, { format, columns: rows.columns, formulas }),
      );
    }
  }
}

/** Takes every row, in input order, past all who want it. */
async function showRows(
  { pipeline, columns, source, journal }: Deliverables,
  summary: RunSummary,
  finder: GroupFinder,
  { rowTables, reports }: OpenOutputs,
): Promise<void> {
  const steps = listSteps(pipeline, "row");
  const table = layOutResults(columns, steps, summary);
  for await (const { row, calls } of joinCalls(source.read(), journal)) {
    const results = resultsByStep(calls);
    const missing = steps.find(({ id }) => !results.has(id));
    if (missing) {
      // It was there when the run went over the rows: the record was found damaged since.
      throw new StorageError(
        `The journal holds no result any more for line ${row.line}, step ${missing.id}. ` +
          "Run the same again: what is missing is asked anew, and all else is kept.",
      );
    }
    const status = statusOf(results);
    const result = { row, calls, status, error: findError(results) };
    for (const writer of rowTables) {
      const full = writer.write(toResultRecord(table, result, writer.format));
      if (full) await full;
    }
    for (const { report } of reports) {
      if (report.wants(status)) report.add(toFinishedRow(row, results, steps));
    }
    finder.add(row, results);
  }
}

async function showGroup(
  group: GroupOutcome,
  summary: RunSummary,
  { groupTables }: OpenOutputs,
): Promise<void> {
  const layout = layOutGroups(group.steps, summary);
  const { key, counts, calls, results } = group;
  const result = { key, counts, calls, status: statusOf(results), error: findError(results) };
  for (const { by, table } of groupTables) {
    if (by === group.grouping.by) await table.write(toGroupRecord(layout, result));
  }
}

/** @returns why reports could not be filled in, by file */
async function writeReports(
  reports: readonly WrittenReport[],
  render: (report: Report) => string,
): Promise<Map<string, string>> {
  const failures = new Map<string, string>();
  for (const { place, report } of reports) {
    const { file } = place;
    try {
      await writeTextFile(place, render(report));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      failures.set(file, `the report ${file} could not be written: ${error.message}`);
    }
  }
  return failures;
}

function listTables({ rowTables, groupTables }: OpenOutputs): TableWriter[] {
  return [...rowTables, ...groupTables.map(({ table }) => table)];
}

function stepsOver({ stages }: Pipeline, by: string) {
  return stages.flatMap((stage) =>
    stage.per === "group" && stage.grouping.by === by ? stage.steps : [],
  );
}
