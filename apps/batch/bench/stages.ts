/**
 * A pipeline of four stages (rows, groups, rows again, the run) over 500 groups: its peak memory as
 * the rows grow, and, killed three times on its way, whether anything is lost or asked twice.
 *
 *     node bench/stages.ts [ROWS]…          10,000 and 100,000 rows
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pipeline } from "node:stream/promises";
import { startSimulator, type Simulator } from "@rota/simulator";

const GROUPS = 500;
const CONCURRENCY = 64;
const KILLS = 3;

const PIPELINE = `name: stages
defaults: { model: gpt-5-mini, maxOutputTokens: 50 }
limits: { concurrency: ${CONCURRENCY} }
steps:
  - id: ask
    messages: [{ role: user, content: "{{ row.body }}" }]
  - id: sum
    per: group
    groupBy: "{{ row.product }}"
    messages:
      - role: user
        content: |
          {{ group.counts.total }} tickets on {{ group.key }}:
          {% for r in group.rows limit: 20 %}- {{ r.steps.ask.output }}
          {% endfor %}
  - id: answer
    messages: [{ role: user, content: "{{ row.number }}: {{ steps.sum.output }}" }]
  - id: digest
    per: run
    messages:
      - role: user
        content: "{% for g in groups %}{{ g.key }}: {{ g.steps.sum.output }}; {% endfor %}"
outputs:
  - file: rows.out.csv
  - file: groups.out.csv
    groups: sum
`;

const sizes = process.argv.slice(2).map(Number);
for (const rows of sizes.length > 0 ? sizes : [10_000, 100_000]) await measureStages(rows);

async function measureStages(rows: number): Promise<void> {
  const simulator = await startSimulator({
    scenario: { unknownKeys: "accept", latency: { kind: "fixed", ms: 0 } },
  });
  const directory = await mkdtemp(join(tmpdir(), "rota-stages-"));
  try {
    await writeFile(join(directory, "stages.yml"), PIPELINE);
    await pipeline(Readable.from(generateRows(rows)), createWriteStream(join(directory, "in.csv")));
    const calls = 2 * rows + GROUPS + 1;
    const calm = await runToEnd(start(directory, simulator, "calm"));
    const asked = simulator.stats().accepted;
    await checkOutputs(directory, rows);
    report(`${rows} rows undisturbed`, { peakMegabytes: calm, asked, calls });

    simulator.reset();
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const child = start(directory, simulator, "killed");
      const target = (calls * kill) / (KILLS + 1);
      while (simulator.stats().accepted < target) await sleep(5);
      child.kill("SIGKILL");
      await once(child, "close");
    }
    const resumed = await runToEnd(start(directory, simulator, "killed"));
    await checkOutputs(directory, rows);
    const { accepted, repeats } = simulator.stats();
    if (!repeats) throw new Error("The simulator does not remember requests.");
    report(`${rows} rows, ${KILLS} kills`, { peakMegabytes: resumed, asked: accepted, calls });
    if (repeats.requests > CONCURRENCY * KILLS) throw new Error(`${repeats.requests} asked twice`);
    if (accepted - repeats.requests !== calls) throw new Error(`${accepted} of ${calls} asked`);
  } finally {
    await simulator.close();
    await rm(directory, { recursive: true });
  }
}

function start(directory: string, simulator: Simulator, state: string): ChildProcess {
  const [rota, preload] = ["../bin/rota.mjs", "report-resources.ts"].map(
    (file) => new URL(file, import.meta.url),
  );
  const command = ["run", "stages.yml", "in.csv", `--state-dir=${state}`, "--progress=none"];
  return spawn(
    process.execPath,
    ["--import", String(preload), fileURLToPath(String(rota)), ...command],
    {
      cwd: directory,
      env: {
        PATH: process.env["PATH"],
        OPENAI_BASE_URL: simulator.url,
        OPENAI_API_KEY: "sk-bench",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
}

/** @returns the peak memory in megabytes */
async function runToEnd(child: ChildProcess): Promise<number> {
  if (!child.stdout || !child.stderr) throw new Error("no output");
  const [resources, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (code !== 0) throw new Error(`It ended with ${code}:\n${complaints}`);
  const { peakKilobytes }: { peakKilobytes: number } = JSON.parse(resources);
  return peakKilobytes / 1024;
}

async function checkOutputs(directory: string, rows: number): Promise<void> {
  for (const [file, count] of [
    ["rows.out.csv", rows],
    ["groups.out.csv", GROUPS],
  ] as const) {
    let done = 0;
    for await (const line of createInterface(createReadStream(join(directory, file)))) {
      if (line.includes(",done,")) done += 1;
    }
    if (done !== count) throw new Error(`${file} has ${done} of ${count} done.`);
    await rm(join(directory, file));
  }
}

function report(what: string, figures: Record<string, number>): void {
  const shown = Object.entries(figures).map(([name, value]) => `${name} ${Math.round(value)}`);
  console.log(`${what}: ${shown.join(", ")}`);
}

/** In an order in which every group is open to the end. */
function* generateRows(count: number): Generator<string> {
  yield "number,product,body\n";
  for (let row = 0; row < count; row++) {
    yield `${row},product-${row % GROUPS},Ticket ${row} says that the ${"long ".repeat(20)}wait goes on.\n`;
  }
}
