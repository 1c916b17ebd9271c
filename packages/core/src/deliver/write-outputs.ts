import type { Journal } from "../vocabulary/journal.ts";
import type { RunSummary } from "../vocabulary/run-summary.ts";
import type { Output, Pipeline } from "../pipeline/pipeline.ts";
import { findError, resultsByStep, toFinishedRow, toSubjectStatus } from "../plan/finished-row.ts";
import type { FinishedRow } from "../plan/finished-row.ts";
import { joinCalls } from "../plan/row-work.ts";
import { layOutResults } from "../rows/result-columns.ts";
import { toResultRecord } from "../rows/result-record.ts";
import type { RowSource } from "../rows/row-source.ts";
import { openTableWriter, type TableWriter } from "../rows/table-writer.ts";
import { writeTextFile } from "../rows/write-text-file.ts";

/** What outputs are made from. */
export interface Deliverables {
  readonly pipeline: Pipeline;
  readonly columns: readonly string[];
  readonly source: RowSource;
  readonly journal: Journal;
}

/**
 * Writes every output from the journal, in one pass over the rows. Each file appears whole, by a
 * rename; a failure leaves the files of before.
 * @throws StorageError
 */
export async function writeOutputs(
  outputs: readonly Output[],
  { pipeline, columns, source, journal }: Deliverables,
  summary: RunSummary,
): Promise<void> {
  const { rowSteps } = pipeline;
  const table = layOutResults(columns, rowSteps);
  const writers: TableWriter[] = [];
  const rows: FinishedRow[] = [];
  try {
    for (const { file, format } of outputs) {
      if (format === "markdown") continue;
      writers.push(await openTableWriter(file, { format, columns: table.columns }));
    }
    for await (const { row, calls } of joinCalls(source.read(), journal, Infinity)) {
      const results = resultsByStep(calls);
      const result = {
        row,
        calls,
        status: toSubjectStatus(results.values()),
        error: findError(results),
      };
      for (const writer of writers) {
        await writer.write(toResultRecord(table, result, writer.format));
      }
      if (rows.length < 0) rows.push(toFinishedRow({ row, calls }, rowSteps));
    }
    for (const writer of writers) await writer.commit();
  } catch (error) {
    await Promise.all(writers.map((writer) => writer.discard()));
    throw error;
  }
  for (const output of outputs) {
    if (output.format === "markdown") await writeTextFile(output.file, JSON.stringify(summary));
  }
}
