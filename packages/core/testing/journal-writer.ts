import { writeSync } from "node:fs";
import { systemClock } from "../src/clock/system-clock.ts";
import { RotaError } from "../src/vocabulary/error.ts";
import { openJournal } from "../src/journal/open-journal.ts";

/**
 * A process for crash tests. Records a send and a result for each of the first ROWS rows that has
 * none, and prints a row's ordinal once its result is durable; ends with the name and message of
 * what went wrong, if anything.
 *
 *     node journal-writer.ts DIRECTORY ROWS IN_FLIGHT
 */
const [directory = "", rows = "", inFlight = ""] = process.argv.slice(2);

try {
  const { journal } = openJournal({
    directory,
    fingerprints: {},
    fresh: false,
    clock: systemClock,
    random: () => 0.5,
  });
  const done = new Set<number>();
  for await (const { id, result } of journal.readCalls({ per: "row" })) {
    if (result && id.subject.per === "row") done.add(id.subject.ordinal);
  }
  let next = 0;
  const recordRows = async () => {
    for (let ordinal = next++; ordinal < Number(rows); ordinal = next++) {
      if (done.has(ordinal)) continue;
      const id = { step: "reply", subject: { per: "row", ordinal, content: "" } } as const;
      await journal.recordSend(id, { key: "support-a", worstCaseUsd: 0 });
      await journal.recordResult(id, { status: "done", text: `Reply ${ordinal}. `.repeat(20) });
      writeSync(1, `${ordinal}\n`);
    }
  };
  await Promise.all(Array.from({ length: Number(inFlight) }, recordRows));
  await journal.close();
} catch (error) {
  if (!(error instanceof RotaError)) throw error;
  writeSync(1, `${error.name}: ${error.message}\n`);
  process.exitCode = 1;
}
