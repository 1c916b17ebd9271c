/**
 * Everything that takes too long for every change, one after the other: the nightly sizes.
 *
 *     node packages/core/bench/soak.ts [WORDS OF A COMMAND]
 */
import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { canInjectFaults } from "../testing/crash-trial.ts";

const COMMANDS = [
  "soak-simulation.ts 10000",
  "soak-kills.ts 200",
  "soak-hostile-replies.ts 10000",
  ...(canInjectFaults() ? ["journal-kill-points.ts 50"] : []),
  "ring-scenarios.ts",
  "seeded-defects.ts",
];

const wanted = process.argv.slice(2).join(" ");
const failed: string[] = [];
for (const command of COMMANDS.filter((line) => line.includes(wanted))) {
  console.log(`\n# node packages/core/bench/${command}`);
  const [file = "", ...args] = command.split(" ");
  const startedAt = performance.now();
  const path = fileURLToPath(new URL(file, import.meta.url));
  const { status } = spawnSync(process.execPath, [path, ...args], { stdio: "inherit" });
  console.log(`# ended in ${status} after ${Math.round((performance.now() - startedAt) / 1000)} s`);
  if (status !== 0) failed.push(command);
}
if (failed.length > 0) {
  console.error(`\nFAILED: ${failed.join("; ")}`);
  process.exitCode = 1;
}
