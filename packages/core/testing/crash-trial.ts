import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { systemClock } from "../src/clock/system-clock.ts";
import type { JournalTotals } from "../src/vocabulary/journal.ts";
import { openJournal } from "../src/journal/open-journal.ts";

const WRITER = fileURLToPath(new URL("journal-writer.ts", import.meta.url));

/** How a writing process ended. */
export interface WriterEnd {
  /** Rows of which it was told that their results are durable. */
  readonly durable: readonly number[];
  /** The error that it ended with, if any. */
  readonly error: string | undefined;
  readonly killed: boolean;
}

/**
 * Starts a process that records rows in the journal of a folder (see `journal-writer.ts`).
 * @param options.under a command to run it under, with its arguments
 * @param options.killAfter kills the process once it has reported so many rows
 * @param options.signal kills it when it aborts
 */
export async function runWriter(
  directory: string,
  options: {
    readonly rows: number;
    readonly inFlight: number;
    readonly under?: readonly string[];
    readonly killAfter?: number;
    readonly signal?: AbortSignal;
  },
): Promise<WriterEnd> {
  const { rows, inFlight, under = [], killAfter = Infinity, signal } = options;
  const line = [...under, process.execPath, WRITER, directory, String(rows), String(inFlight)];
  const [command = "", ...args] = line;
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  signal?.addEventListener("abort", () => child.kill("SIGKILL"));
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    if (printed.split("\n").length > killAfter) child.kill("SIGKILL");
  });
  const [, endedBy] = await once(child, "close");
  const lines = printed.split("\n").slice(0, -1);
  return {
    durable: lines.filter((text) => /^\d+$/.test(text)).map(Number),
    error: lines.find((text) => !/^\d+$/.test(text)),
    killed: endedBy === "SIGKILL",
  };
}

/** What a journal holds when it is opened again: the rows with the reply that was recorded, and how far it came. */
export async function readAfterCrash(
  directory: string,
): Promise<{ done: ReadonlySet<number>; rowsReached: number; totals: JournalTotals }> {
  const { journal } = openJournal({
    directory,
    fingerprints: {},
    fresh: false,
    clock: systemClock,
    random: () => 0.5,
  });
  const calls = await Array.fromAsync(journal.readCalls({ per: "row" }));
  const totals = await journal.readTotals(["reply"]);
  await journal.close();
  const done = new Set<number>();
  let rowsReached = 0;
  for (const { id, result } of calls) {
    const ordinal = id.subject.per === "row" ? id.subject.ordinal : -1;
    rowsReached = Math.max(rowsReached, ordinal + 1);
    if (result?.text === `Reply ${ordinal}. `.repeat(20)) done.add(ordinal);
  }
  return { done, rowsReached, totals };
}

/** True where `strace` is installed and may trace: it injects faults into single system calls. */
export function canInjectFaults(): boolean {
  return spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;
}

/**
 * The command under which the calls of one system call that `when` counts (`5`, or `5+` for all
 * from there) have a fault: `error=EIO`, or `signal=KILL`.
 */
export function injectFault(systemCall: string, fault: string, when: string): readonly string[] {
  const inject = `inject=${systemCall}:${fault}:when=${when}`;
  return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `trace=${systemCall}`, "-e", inject];
}
