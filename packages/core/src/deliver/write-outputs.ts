import type { Journal } from "../vocabulary/journal.ts";
import type { RunSummary } from "../vocabulary/run-summary.ts";
import type { Output, Pipeline } from "../pipeline/pipeline.ts";
import {
  findError,
  resultsByStep,
  toFinishedRow,
  toFinishedStep,
  toSubjectStatus,
} from "../results/finished-row.ts";
import { joinCalls } from "../results/row-work.ts";
import { readRunResults } from "../results/run-results.ts";
import { createReport, type Report } from "../report/report.ts";
import { describeRun, type ReportSteps } from "../report/report-data.ts";
import { layOutResults } from "./table/result-columns.ts";
import { toResultRecord } from "./table/result-record.ts";
import type { RowSource } from "../vocabulary/row-source.ts";
import { openTableWriter, type TableWriter } from "./table/table-writer.ts";
import { TemplateError } from "../template/template-error.ts";
import { writeTextFile } from "./write-text-file.ts";

/** What outputs are made from. */
export interface Deliverables {
  readonly pipeline: Pipeline;
  /** Those of the input. */
  readonly columns: readonly string[];
  readonly source: RowSource;
  readonly journal: Journal;
}

/**
 * Writes every output from the journal, in one pass over the rows. Each file appears whole, by a
 * rename, or stays as it was; after a failure the same command writes those that are missing.
 * @returns what was written, and why reports could not be filled in, if any could not
 * @throws StorageError
 */
export async function writeOutputs(
  outputs: readonly Output[],
  deliverables: Deliverables,
  { summary, startedAtMs }: { summary: RunSummary; startedAtMs: number },
): Promise<{ written: readonly string[]; faults: readonly string[] }> {
  const { pipeline, columns, journal } = deliverables;
  const table = layOutResults(columns, pipeline.rowSteps, summary);
  const writers: TableWriter[] = [];
  const reports: { file: string; report: Report }[] = [];
  try {
    for (const { file, format, template } of outputs) {
      if (format === "markdown") reports.push({ file, report: createReport(template) });
      else writers.push(await openTableWriter(file, { format, columns: table.columns }));
    }
    await showRows(deliverables, table, writers, reports);
    for (const writer of writers) await writer.commit();
  } catch (error) {
    await Promise.all(writers.map((writer) => writer.discard()));
    throw error;
  }
  const run = describeRun(summary, startedAtMs);
  const steps = readRunSteps(pipeline, journal);
  const faults = new Map<string, string>();
  for (const { file, report } of reports) {
    try {
      await writeTextFile(file, report.render(run, steps));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      faults.set(file, `the report ${file} could not be written: ${error.message}`);
    }
  }
  const written = outputs.map(({ file }) => file).filter((file) => !faults.has(file));
  return { written, faults: [...faults.values()] };
}

/** Takes every row, in input order, past all who want it. */
async function showRows(
  { pipeline: { rowSteps }, source, journal }: Deliverables,
  table: ReturnType<typeof layOutResults>,
  writers: readonly TableWriter[],
  reports: readonly { report: Report }[],
): Promise<void> {
  for await (const work of joinCalls(source.read(), journal, Infinity)) {
    const results = resultsByStep(work.calls);
    const status = toSubjectStatus(results.values());
    const result = { ...work, status, error: findError(results) };
    for (const writer of writers) {
      const full = writer.write(toResultRecord(table, result, writer.format));
      if (full) await full;
    }
    for (const { report } of reports) {
      if (report.wants(status)) report.add(toFinishedRow(work, rowSteps));
    }
  }
}

function readRunSteps(pipeline: Pipeline, journal: Journal): ReportSteps {
  const results = readRunResults(pipeline, journal);
  return Object.fromEntries(
    pipeline.runSteps.flatMap((step) => {
      const result = results.get(step.id);
      return result ? [[step.id, toFinishedStep(step.output, result)]] : [];
    }),
  );
}
