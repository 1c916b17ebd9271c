/** Loaded with `--import` ahead of a contender: at its end, says on stdout what it took. */
import { existsSync, readFileSync, writeSync } from "node:fs";

process.once("exit", () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const peakKilobytes = readPeakKilobytes();
  writeSync(1, JSON.stringify({ cpuUs: userCPUTime + systemCPUTime, peakKilobytes }));
});

function readPeakKilobytes(): number {
  const status = "/proc/self/status";
  // On Linux `maxRSS` is never less than what the parent had when it started this process.
  if (!existsSync(status)) return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(status, "utf8"))?.[1]);
}
