/** Loaded with `--import` ahead of a contender: at its end, says on stdout what it took. */
import { writeSync } from "node:fs";

process.once("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeSync(1, JSON.stringify({ cpuUs: userCPUTime + systemCPUTime, peakKilobytes: maxRSS }));
});
