import { openJournalReader } from "../../src/journal/journal-reader.ts";
import type { CallRecord } from "../../src/vocabulary/journal.ts";
import type { Subject } from "../../src/vocabulary/subject.ts";
import { definePipeline } from "./trial-pipeline.ts";
import type { Trial } from "./trial.ts";
import type { World } from "./world.ts";

/** What the journal holds of each call, by a name for it. Empty before there is a journal. */
export type Records = ReadonlyMap<string, CallRecord>;

/** Reads the journal as a process would that looks in. */
export async function readRecords(world: World, trial: Trial): Promise<Records> {
  const directory = world.runDirectory;
  const records = new Map<string, CallRecord>();
  if (directory === undefined) return records;
  const journal = openJournalReader(directory);
  try {
    const add = (record: CallRecord) => records.set(nameCall(record.id), record);
    for await (const record of journal.readCalls({ per: "row" })) add(record);
    for await (const record of journal.readCalls({ per: "run" })) add(record);
    const [by] = definePipeline(trial).steps.flatMap(({ groupBy }) => groupBy ?? []);
    const keys = trial.shape.sum === "by-team" ? ["red", "blue", "green"] : ["calm", "cross"];
    for (const key of keys) {
      if (by === undefined) break;
      for await (const record of journal.readCalls({ per: "group", by, key })) add(record);
    }
    return records;
  } finally {
    await journal.close();
  }
}

export function nameCall({
  step,
  subject,
}: {
  readonly step: string;
  readonly subject: Subject;
}): string {
  switch (subject.per) {
    case "row":
      return `${step} of row ${subject.ordinal}`;
    case "group":
      return `${step} of ${subject.key}`;
    case "run":
      return step;
  }
}
