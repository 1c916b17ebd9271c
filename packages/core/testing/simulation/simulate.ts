import { openRowsFile } from "../../src/rows/open-rows.ts";
import { Chance } from "./chance.ts";
import { checkLife, isThrough } from "./check-life.ts";
import { checkLeftOutputs, checkOutputs } from "./check-outputs.ts";
import { drawTrial } from "./draw-trial.ts";
import { live, type LifeReport, type Surroundings } from "./live.ts";
import { readRecords, type Records } from "./read-records.ts";
import type { LoggedSend } from "./send-log.ts";
import { SimulatedServer } from "./simulated-server.ts";
import type { LifePlan, Trial } from "./trial.ts";
import { World } from "./world.ts";

/** The first process of every trial begins here. Milliseconds since the Unix epoch. */
const EPOCH_MS = Date.UTC(2026, 10, 23);

/** What came of a trial. */
export interface TrialResult {
  readonly trial: Trial;
  /** Promises that were broken, in words. */
  readonly violations: readonly string[];
  readonly lives: readonly LifeReport[];
  readonly sends: readonly LoggedSend[];
}

/**
 * Goes through all that one seed decides: several processes, one after the other, over one folder.
 * Each ends as it wants or is killed; the last one is left in peace, and has to finish; then one more
 * finds nothing to do. The executor, the key ring, the journal, the rows and the outputs are real;
 * time, chance and the server are not.
 * @param tell is told what happens
 */
export async function simulate(
  seed: number,
  tell: (line: string) => void = () => {},
): Promise<TrialResult> {
  const trial = drawTrial(seed);
  const world = new World(trial.rows);
  const chance = new Chance(seed + 0x5eed);
  const server = new SimulatedServer(trial, chance);
  const surroundings = { trial, world, server, chance, sends: [], revocations: [], tell };
  try {
    return await goThrough(surroundings);
  } finally {
    world.remove();
  }
}

async function goThrough(surroundings: Surroundings): Promise<TrialResult> {
  const { trial, world, chance, sends, tell } = surroundings;
  const lives: LifeReport[] = [];
  const violations: string[] = [];
  const contents = await readContents(world);
  let records: Records = new Map();
  let now = EPOCH_MS;

  const goOn = async (plan: LifePlan) => {
    const number = lives.length + 1;
    tell(`Life ${number}: ${JSON.stringify(plan)}`);
    const beganEdited = plan.editBefore !== undefined && sends.length > 0;
    const original = world.readRows();
    if (plan.editBefore && beganEdited) world.edit(plan.editBefore, chance);
    const isOther = world.readRows() !== original;
    const outputs = world.readOutputs();
    let report: LifeReport;
    try {
      report = await live(number, plan, now, surroundings);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      violations.push(`life ${number}: ${text}`);
      return undefined;
    }
    lives.push(report);
    const after = await readRecordsOrNone(surroundings);
    const deaths = lives.filter((life) => life.died && life !== report).length;
    const found = checkLife({
      ...surroundings,
      report,
      before: records,
      after,
      contents,
      deaths,
      beganEdited: isOther,
    });
    found.push(
      ...(isThrough(report)
        ? checkOutputs(trial, after, world.readOutputs())
        : checkLeftOutputs(trial, after, outputs, world.readOutputs())),
    );
    violations.push(...found.map((violation) => `life ${number}: ${violation}`));
    records = after;
    now = report.endedAt + chance.between(0, 600_000);
    world.restoreRows();
    world.unblockOutput();
    return report;
  };

  tell(`Trial ${JSON.stringify({ ...trial, rows: trial.rows.length, lives: trial.lives.length })}`);
  for (const plan of trial.lives) {
    if (!(await goOn(plan))) break;
  }
  if (violations.length === 0) {
    const last = lives.at(-1);
    if (!last?.summary) violations.push("the last life did not end");
    const before = { outputs: world.readOutputs().join("\n"), sends: sends.length };
    const again = trial.lives.at(-1);
    if (again) await goOn({ ...again, retryErrors: false });
    if (sends.length > before.sends) violations.push("a run that was through sent again");
    if (world.readOutputs().join("\n") !== before.outputs) {
      violations.push("a run that was through wrote other outputs");
    }
  }
  return { trial, violations, lives, sends };
}

async function readContents(world: World): Promise<string[]> {
  const source = await openRowsFile(world.rowsFile);
  await source.scan();
  return Array.fromAsync(source.read(), ({ content }) => content);
}

/** A process that died early may not have come to make a journal. */
async function readRecordsOrNone({ world, trial, sends }: Surroundings): Promise<Records> {
  try {
    return await readRecords(world, trial);
  } catch (error) {
    if (sends.length === 0) return new Map();
    throw error;
  }
}
