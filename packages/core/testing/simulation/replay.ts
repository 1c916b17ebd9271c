/**
 * Goes through the trials of some seeds again, and tells what happens in them.
 *
 *     node packages/core/testing/simulation/replay.ts SEED
 */
import { simulate } from "./simulate.ts";

const [seed = 1] = process.argv.slice(2).map(Number);
const { violations } = await simulate(seed, (line) => process.stdout.write(`${line}\n`));
for (const violation of violations) process.stdout.write(`BROKEN: ${violation}\n`);
if (violations.length > 0) process.exitCode = 1;
