import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How long `rota --help` takes, against a Node that does nothing. `node bench/start-up.ts [ROUNDS]` */
const rounds = Number(process.argv[2] ?? 40);

const bundle = fileURLToPath(new URL("../dist/rota.js", import.meta.url));
const launcher = fileURLToPath(new URL("../bin/rota.mjs", import.meta.url));
const commands = {
  "node -e 0": ["-e", "0"],
  "dist/rota.js --help": [bundle, "--help"],
  "bin/rota.mjs --help": [launcher, "--help"],
};

const timesMs = new Map(Object.keys(commands).map((name) => [name, [] as number[]]));
// One round is for warming up. Taking turns, so that whatever slows the machine down slows all.
for (let round = 0; round <= rounds; round++) {
  for (const [name, args] of Object.entries(commands)) {
    const startedAtMs = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
    if (round > 0) timesMs.get(name)?.push(performance.now() - startedAtMs);
  }
}

const bareMs = medianOf("node -e 0");
for (const name of timesMs.keys()) {
  const medianMs = medianOf(name);
  console.log(
    `${name.padEnd(22)} ${medianMs.toFixed(1).padStart(6)} ms   +${(medianMs - bareMs).toFixed(1)} ms`,
  );
}

function medianOf(name: string): number {
  const sorted = (timesMs.get(name) ?? []).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
