/**
 * Kills a process at each system call with which it writes its journal, one run for each call, and
 * looks at what is left: all that was reported durable must be there, and a second process must be
 * able to finish. Needs `strace`.
 *
 *     node packages/core/bench/journal-kill-points.ts [ROWS]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { injectFault, readAfterCrash, runWriter } from "../testing/crash-trial.ts";

const rows = Number(process.argv[2] ?? 50);
const SYSTEM_CALLS = ["mkdir", "chmod", "pwrite64", "fsync", "ftruncate", "unlink"];

for (const systemCall of SYSTEM_CALLS) {
  let points = 0;
  while (await surviveKill(systemCall, points + 1)) points += 1;
  console.log(`${systemCall}: ${points} points, each resumed`);
}

/** @returns false when the process ended before it came to the `when`th call. */
async function surviveKill(systemCall: string, when: number): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), "rota-kill-"));
  const run = join(directory, "run");
  const under = injectFault(systemCall, "signal=KILL", String(when));
  const { durable, killed } = await runWriter(run, { rows, inFlight: 1, under });
  const { done } = await readAfterCrash(run);
  const lost = durable.filter((ordinal) => !done.has(ordinal));
  const { error } = await runWriter(run, { rows, inFlight: 1 });
  const { done: finished, totals } = await readAfterCrash(run);
  rmSync(directory, { recursive: true });
  if (lost.length > 0 || error || finished.size !== rows || totals.attempts > rows + 1) {
    throw new Error(`Killed at ${systemCall} ${when}: lost ${lost.join(", ")}. ${error ?? ""}`);
  }
  return killed;
}
