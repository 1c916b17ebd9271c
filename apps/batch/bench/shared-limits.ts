/**
 * Two runs in different folders that share one limit of 600 requests a minute, over HTTP and in real
 * time: how close both together come to the shortest possible time, and how soon one has the whole
 * limit when the other is killed. Takes four minutes with 600 rows each.
 *
 *     node bench/shared-limits.ts [ROWS]
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { secretForKey, startSimulator, type Simulator } from "@rota/simulator";

const PER_MINUTE = 600;
const NAMES = ["one", "two"] as const;
const rows = Number(process.argv[2] ?? 600);

const PIPELINE = `name: shared
defaults: { model: gpt-5-mini, maxOutputTokens: 20 }
limits: { concurrency: 64 }
steps:
  - id: ask
    messages: [{ role: user, content: "{{ row.body }}" }]
`;

const directory = await mkdtemp(join(tmpdir(), "rota-shared-"));
try {
  await measureTogether();
  await measureKill();
} finally {
  await rm(directory, { recursive: true });
}

async function measureTogether(): Promise<void> {
  await using simulator = await open();
  const begunAt = Date.now();
  const runs = await Promise.all(NAMES.map((name) => start(simulator, name)));
  await Promise.all(runs.map(waitForEnd));
  const { accepted, refused, lastAcceptedAt } = simulator.stats();
  const refusals = Object.values(refused).reduce((sum, count) => sum + count, 0);
  const shortestMs = ((accepted - 1) / PER_MINUTE) * 60_000;
  const tookMs = Number(lastAcceptedAt) - begunAt;
  console.log(
    `together: ${accepted} calls in ${(tookMs / 1000).toFixed(1)} s, start-up included; ` +
      `${(tookMs / shortestMs).toFixed(3)} of the shortest possible time; ` +
      `${refusals} refused, ${((refusals / accepted) * 1000).toFixed(1)} in 1,000`,
  );
}

async function measureKill(): Promise<void> {
  await using simulator = await open();
  const [survivor, victim] = await Promise.all(NAMES.map((name) => start(simulator, name)));
  if (!survivor || !victim) throw new Error("not started");
  await sleep(15_000);
  const before = countOf(simulator, "one");
  await sleep(5_000);
  const shared = countOf(simulator, "one") - before;
  victim.kill("SIGKILL");
  const seconds: number[] = [];
  for (let second = 0; second < 12; second += 1) {
    const count = countOf(simulator, "one");
    await sleep(1_000);
    seconds.push(countOf(simulator, "one") - count);
  }
  const whole = PER_MINUTE / 60;
  const soon = seconds.findIndex((_, at) =>
    seconds.slice(at).every((count) => count >= whole * 0.8),
  );
  console.log(
    `killed: of ${whole} calls a second the other had ${(shared / 5).toFixed(1)} before, and ` +
      `${seconds.join(", ")} in the seconds after; all of them after ${soon < 0 ? "never" : soon} s`,
  );
  survivor.kill("SIGKILL");
}

async function open(): Promise<Simulator & AsyncDisposable> {
  const simulator = await startSimulator({
    scenario: {
      limitGroups: { shared: { requestsPerMinute: PER_MINUTE, initialFill: 0 } },
      keys: Object.fromEntries(NAMES.map((name) => [name, { limitGroup: "shared" }])),
      latency: { kind: "lognormal", medianMs: 300 },
    },
  });
  return Object.assign(simulator, { [Symbol.asyncDispose]: () => simulator.close() });
}

/** Each in a folder of its own, with a key of its own of the same project. */
async function start(simulator: Simulator, name: (typeof NAMES)[number]): Promise<ChildProcess> {
  const folder = join(directory, `${name}-${Date.now()}`);
  await mkdir(folder);
  const lines = Array.from({ length: rows }, (_, row) => `Ticket ${row} of ${name} waits.\n`);
  await writeFile(join(folder, "shared.yml"), PIPELINE);
  await writeFile(join(folder, "rows.csv"), ["body\n", ...lines].join(""));
  await writeFile(
    join(folder, "rota.keys.yml"),
    `keys: { ${name}: { secret: "env:BENCH_KEY", limitGroup: shared } }
limitGroups:
  shared:
    baseUrl: ${simulator.url}
    project: proj_bench
    limits: { "*": { requestsPerMinute: ${PER_MINUTE} } }
`,
  );
  const rota = fileURLToPath(new URL("../bin/rota.mjs", import.meta.url));
  return spawn(process.execPath, [rota, "run", "shared.yml", "rows.csv", "--progress=none"], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      BENCH_KEY: secretForKey(name),
      ROTA_LIMITS_DIR: join(directory, "limits"),
    },
    stdio: "ignore",
  });
}

async function waitForEnd(child: ChildProcess): Promise<void> {
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`A run ended with ${code}.`);
}

function countOf(simulator: Simulator, name: string): number {
  return simulator.stats().byKey[name]?.accepted ?? 0;
}
