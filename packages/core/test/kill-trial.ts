import { setTimeout as sleep } from "node:timers/promises";
import { COUNT_UNIT } from "../src/journal/checksums.ts";
import { startSimulator, type Simulator } from "@rota/simulator";
import { createRandom, type Random } from "../src/vocabulary/random.ts";
import { FOUR_KEYS, makeEnvironment, makeKeyFile, makeRows, TRIAGE } from "./example.ts";
import { makeRunFolder, type RunFolder } from "./run-folder.ts";
import { runRota, startRota, type Ending, type RotaProcess } from "./rota-process.ts";

/** What a kill left behind, and what became of it. */
export interface Kill {
  /** Calls that the journal holds as sent and not answered. */
  readonly open: number;
  /** Requests of the next process that the server had accepted before. */
  readonly resent: number;
}

export interface KillTrial {
  readonly kills: readonly Kill[];
  /** How the process ended that was left in peace. */
  readonly ending: Ending;
  /** Sends in the journal, over all processes. */
  readonly attempts: number;
  /** Requests that the server received from all of them. */
  readonly received: number;
  readonly ids: readonly string[];
  /** Without what differs from one run to the next, here and in a run that was never disturbed. */
  readonly results: string;
  readonly undisturbedResults: string;
}

/** Kills a run `kills` times, lets it end, and holds it against a run that was left in peace. */
export async function runKillTrial({
  rows,
  kills: count,
  seed,
}: {
  readonly rows: number;
  readonly kills: number;
  readonly seed: number;
}): Promise<KillTrial> {
  const random = createRandom(seed);
  const simulator = await startSimulator({ scenario: FOUR_KEYS });
  try {
    using calm = prepareFolder(simulator, rows);
    const { code, stderr } = await runRota(calm, makeEnvironment());
    if (code !== 0) throw new Error(`The undisturbed run ended in ${code}:\n${stderr}`);
    const calls = simulator.stats().accepted;
    simulator.reset();

    using folder = prepareFolder(simulator, rows);
    const open: number[] = [];
    const repeats: number[] = [];
    for (let number = 1; number <= count; number++) {
      await using run = startRota(folder, makeEnvironment());
      const target = number === count ? calls : (calls * (number - random())) / (count + 1);
      await waitForMoment(run, simulator, { target, random });
      run.child.kill("SIGKILL");
      await run.ended;
      open.push(readNumber(folder, OPEN_CALLS));
      repeats.push(countRepeats(simulator));
    }
    const ending = await runRota(folder, makeEnvironment());
    repeats.push(countRepeats(simulator));
    return {
      kills: open.map((openCalls, index) => ({
        open: openCalls,
        resent: (repeats[index + 1] ?? 0) - (repeats[index] ?? 0),
      })),
      ending,
      attempts: readNumber(folder, `SELECT sum(attempts) / ${COUNT_UNIT} AS number FROM call`),
      received: simulator.stats().received,
      ids: folder.results().map(({ id = "" }) => id),
      results: folder.lastingResults(),
      undisturbedResults: calm.lastingResults(),
    };
  } finally {
    await simulator.close();
  }
}

const OPEN_CALLS = "SELECT count(*) AS number FROM call WHERE result IS NULL AND unanswered > 0";

function readNumber(folder: RunFolder, sql: string): number {
  return Number(folder.query(sql)[0]?.["number"] ?? 0);
}

function countRepeats(simulator: Simulator): number {
  return simulator.stats().repeats?.requests ?? Number.NaN;
}

/**
 * One moment in five is soon after the start, wherever that is: the files are read, the journal is
 * opened, the first calls are sent. The others come shortly after `target` different requests were
 * accepted; when those are all, the last answer is on its way or the outputs are being written.
 */
async function waitForMoment(
  { ended, child }: RotaProcess,
  simulator: Simulator,
  { target, random }: { target: number; random: Random },
): Promise<void> {
  if (random() < 0.2) return void (await Promise.race([sleep(100 + 600 * random()), ended]));
  while (child.exitCode === null && simulator.stats().accepted - countRepeats(simulator) < target) {
    await Promise.race([sleep(1), ended]);
  }
  await Promise.race([sleep(40 * random()), ended]);
}

function prepareFolder({ url }: Simulator, rows: number): RunFolder {
  return makeRunFolder({
    "pipeline.yml": TRIAGE,
    "rows.csv": makeRows(rows),
    "keys.yml": makeKeyFile(url),
  });
}
