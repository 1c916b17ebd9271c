import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Contender, Job } from "./contender.ts";

/** What one run of one contender took, its process from start to end. */
export interface Measurement {
  /** User and system time of its process, of all threads, without the server's. */
  readonly cpuUsPerRow: number;
  readonly rowsPerSecond: number;
  readonly peakMegabytes: number;
}

/** @throws Error when it failed, or left a row without an answer. */
export async function measureContender(
  contender: Contender,
  job: Job,
  baseUrl: string,
): Promise<Measurement> {
  const preload = new URL("report-resources.ts", import.meta.url).href;
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, ["--import", preload, ...contender.command(job)], {
    cwd: job.directory,
    env: { PATH: process.env["PATH"], OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: "sk-bench" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [resources, complaints, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  const elapsedMs = performance.now() - startedAtMs;
  if (exitCode !== 0) throw new Error(`${contender.name} ended with ${exitCode}:\n${complaints}`);
  await checkAnswers(contender, job);
  const { cpuUs, peakKilobytes }: { cpuUs: number; peakKilobytes: number } = JSON.parse(resources);
  return {
    cpuUsPerRow: cpuUs / job.rowCount,
    rowsPerSecond: (job.rowCount / elapsedMs) * 1000,
    peakMegabytes: peakKilobytes / 1024,
  };
}

/** A contender that answers less than it is asked is not faster. */
async function checkAnswers({ name }: Contender, { resultsFile, rowCount }: Job): Promise<void> {
  const lines = (await readFile(resultsFile, "utf8")).split("\n");
  const answers = lines.filter((line) => /"answer":"\w/.test(line)).length;
  if (answers !== rowCount) throw new Error(`${name} has ${answers} answers of ${rowCount}.`);
}
