/**
 * Kills a run of 5,000 rows on four keys, 32 calls at a time, at random instants, and looks for what
 * the promise forbids: a row lost, a row twice, results other than those of a run left in peace, more
 * calls sent again than were open, requests that the journal knows nothing of.
 *
 *     node packages/core/bench/soak-kills.ts [KILLS] [ROWS] [SEED]
 */
import { rowIds } from "../test/example.ts";
import { runKillTrial } from "../test/kill-trial.ts";

const CONCURRENCY = 32;

const [kills = 20, rows = 5_000, seed = 1] = process.argv.slice(2).map(Number);
const trial = await runKillTrial({ rows, kills, seed });

const openMost = Math.max(...trial.kills.map(({ open }) => open));
const open = trial.kills.reduce((sum, kill) => sum + kill.open, 0);
const resent = trial.kills.reduce((sum, kill) => sum + kill.resent, 0);
console.log(`${rows} rows, ${kills} kills, seed ${seed}`);
console.log(`calls open at a kill: ${openMost} at most, ${open} in all; sent again: ${resent}`);
console.log(`sends in the journal: ${trial.attempts}; received by the server: ${trial.received}`);

const broken = [
  [trial.ending.code !== 0, `the last process ended in ${trial.ending.code}`],
  [trial.ids.join() !== rowIds(rows).join(), "rows are lost, repeated or out of order"],
  [trial.results !== trial.undisturbedResults, "the results differ from an undisturbed run's"],
  [open === 0, "no kill came while calls were open: nothing was tried"],
  [openMost > CONCURRENCY, "more calls were open than may be in flight"],
  [trial.kills.some((kill) => kill.resent > kill.open), "a finished call was sent again"],
  [trial.received > trial.attempts, "the server received what the journal does not know of"],
  [trial.attempts - trial.received > open, "the journal counts sends that were never made"],
] as const;
for (const [isBroken, what] of broken) {
  if (isBroken) {
    console.error(`BROKEN: ${what}`);
    process.exitCode = 1;
  }
}
if (process.exitCode === undefined)
  console.log("No row lost, none twice, none sent again needlessly.");
