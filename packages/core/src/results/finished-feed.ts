import { Broadcast } from "../vocabulary/broadcast.ts";
import type { FinishedSubject } from "../vocabulary/finished.ts";
import type { JournalReader } from "../vocabulary/journal.ts";
import type { RowSource } from "../vocabulary/row-source.ts";
import { listSteps, type Pipeline } from "../pipeline/pipeline.ts";
import { GroupFinder, toGroup } from "./group-outcomes.ts";
import { joinCalls } from "./row-work.ts";
import { readResults, resultsByStep, pickResults } from "./step-results.ts";
import { toFinishedRow, toFinishedRun } from "./to-finished.ts";

/** Rows whose marks are made room for at one time. */
const ROWS_AT_ONCE = 8 * 1024;

/** Which subjects had ended at some moment: a bit for each row. */
interface Ended {
  readonly rows: Uint8Array;
  readonly groups: ReadonlySet<string>;
  readonly run: boolean;
}

/**
 * Tells of subjects as they end, and knows which have. What ended before somebody listens is read
 * from the journal, so that no more than a mark is kept of it.
 */
export class FinishedFeed {
  readonly #live = new Broadcast<FinishedSubject>();
  #rows = new Uint8Array(0);
  readonly #groups = new Set<string>();
  #run = false;

  /** @param describe is called only when somebody listens */
  rowEnded(ordinal: number, describe: () => FinishedSubject): void {
    const byte = ordinal >> 3;
    if (byte >= this.#rows.length) this.#growTo(byte);
    this.#rows[byte] = (this.#rows[byte] ?? 0) | (1 << (ordinal & 7));
    this.#tell(describe);
  }

  groupEnded(by: string, key: string, describe: () => FinishedSubject): void {
    this.#groups.add(nameGroup(by, key));
    this.#tell(describe);
  }

  runEnded(describe: () => FinishedSubject): void {
    this.#run = true;
    this.#tell(describe);
  }

  end(): void {
    this.#live.end();
  }

  fail(error: unknown): void {
    this.#live.fail(error);
  }

  /** What had ended by now, and what ends from now on. */
  listen(): { readonly ended: Ended; readonly live: AsyncIterableIterator<FinishedSubject> } {
    const ended = { rows: this.#rows.slice(), groups: new Set(this.#groups), run: this.#run };
    return { ended, live: this.#live.listen() };
  }

  #tell(describe: () => FinishedSubject): void {
    if (this.#live.hasListeners) this.#live.send(describe());
  }

  #growTo(byte: number): void {
    const grown = new Uint8Array(Math.max(byte + 1, this.#rows.length * 2, ROWS_AT_ONCE / 8));
    grown.set(this.#rows);
    this.#rows = grown;
  }
}

/** The subjects that had ended, rows in input order, then groups, then the run. */
export async function* readEnded(
  { rows, groups, run }: Ended,
  parts: {
    readonly pipeline: Pipeline;
    readonly source: RowSource;
    readonly journal: JournalReader;
  },
): AsyncGenerator<FinishedSubject> {
  const { pipeline, source, journal } = parts;
  if (rows.every((byte) => byte === 0) && groups.size === 0 && !run) return;
  const rowSteps = listSteps(pipeline, "row");
  const finder = new GroupFinder(pipeline);
  for await (const { row, calls } of joinCalls(source.read(), journal)) {
    const results = pickResults(resultsByStep(calls), rowSteps);
    finder.add(row, results);
    const isEnded = ((rows[row.ordinal >> 3] ?? 0) & (1 << (row.ordinal & 7))) !== 0;
    if (isEnded) yield { per: "row", ...toFinishedRow(row, results, rowSteps) };
  }
  if (groups.size > 0) {
    for await (const group of finder.read(journal)) {
      if (groups.has(nameGroup(group.grouping.by, group.key))) {
        yield { per: "group", ...toGroup(group) };
      }
    }
  }
  if (!run) return;
  const runSteps = listSteps(pipeline, "run");
  yield toFinishedRun(await readResults(journal, { per: "run" }, runSteps), runSteps);
}

function nameGroup(by: string, key: string): string {
  return JSON.stringify([by, key]);
}
