/**
 * Rota against the script that it replaces, and against the calls alone, over the same rows and the
 * same simulator. They take turns, so that whatever slows the machine down slows all of them; what
 * counts is the ratio in each round, and of those the median.
 *
 *     node bench/compare.ts [--rows N]… [--concurrency N]… [--rounds N]
 *     node bench/compare.ts --memory       the peak memory of Rota as the rows grow
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bareUndici, openAiScript, rota, type Contender } from "./contender.ts";
import { formatComparison, type Round } from "./format-comparison.ts";
import { measureContender, type Measurement } from "./measure-contender.ts";
import { SimulatorProcess } from "./simulator-process.ts";
import { writeRows } from "./write-rows.ts";

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", multiple: true, default: ["5000", "20000"] },
    concurrency: { type: "string", multiple: true, default: ["32", "128"] },
    rounds: { type: "string", default: "5" },
    memory: { type: "boolean", default: false },
  },
});

console.log(`Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model}\n`);
using simulator = new SimulatorProcess();
const baseUrl = await simulator.listen();
const workspace = await mkdtemp(join(tmpdir(), "rota-bench-"));
try {
  await measure(bareUndici, 5_000, 32); // Warms up the simulator.
  if (options.memory) await compareMemory();
  else await compareContenders();
} finally {
  await rm(workspace, { recursive: true });
}

async function compareContenders(): Promise<void> {
  for (const rowCount of options.rows.map(Number)) {
    for (const concurrency of options.concurrency.map(Number)) {
      const rounds: Round[] = [];
      while (rounds.length < Number(options.rounds)) {
        rounds.push({
          script: await measure(openAiScript, rowCount, concurrency),
          rota: await measure(rota, rowCount, concurrency),
          bare: await measure(bareUndici, rowCount, concurrency),
        });
      }
      console.log(formatComparison({ rowCount, concurrency, rounds }));
    }
  }
}

async function compareMemory(): Promise<void> {
  for (const rowCount of [5_000, 20_000, 200_000]) {
    const { peakMegabytes } = await measure(rota, rowCount, 128);
    const rows = rowCount.toLocaleString("en").padStart(9);
    console.log(`${rows} rows, 128 in flight: ${peakMegabytes.toFixed(0)} MB (bar: under 200 MB)`);
  }
}

/** Each run has a folder of its own and leaves nothing behind. */
async function measure(
  contender: Contender,
  rowCount: number,
  concurrency: number,
): Promise<Measurement> {
  const directory = join(workspace, "run");
  await mkdir(directory);
  const rowsFile = join(directory, "rows.csv");
  const resultsFile = join(directory, "results.jsonl");
  await writeRows(rowsFile, rowCount);
  const job = { rowsFile, resultsFile, rowCount, concurrency, directory };
  const measurement = await measureContender(contender, job, baseUrl);
  await rm(directory, { recursive: true });
  return measurement;
}
