/**
 * Whole runs in real time, over HTTP, against a server of other semantics than the simulator's.
 *
 *     node packages/core/bench/other-server/run.ts [NAME]
 *
 * The span goes from the first row's send to the last answer; it is compared with the shortest
 * schedule of the very latencies that the server gave, or with what the limits allow.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { keysFromSecrets, startRun } from "../../src/index.ts";
import {
  ANY_MODEL,
  type KeyRingConfiguration,
  type RateLimits,
} from "../../src/vocabulary/named-key.ts";
import type { OtherServerSetup } from "./server.ts";

interface Work {
  readonly name: string;
  readonly rows: number;
  readonly inFlight: number;
  readonly setup: Omit<OtherServerSetup, "seed">;
  /** Span ÷ shortest possible time. */
  readonly bar: number;
}

const statisticsSchema = z.object({ latencies: z.array(z.number()), refused: z.number() });

const USUAL = { medianMs: 800, sigma: 0.5, shedShare: 0, requestsPerMinute: undefined };

const WORK: readonly Work[] = [
  {
    name: "no limits, no headers",
    rows: 2_000,
    inFlight: 128,
    setup: { ...USUAL, tellsHeaders: false },
    bar: 1.03,
  },
  {
    name: "no limits, headers",
    rows: 2_000,
    inFlight: 128,
    setup: { ...USUAL, tellsHeaders: true },
    bar: 1.03,
  },
  {
    name: "a tenth turned away by lot",
    rows: 200,
    inFlight: 16,
    setup: { ...USUAL, medianMs: 300, shedShare: 0.1, tellsHeaders: false },
    bar: 3,
  },
  {
    name: "3,000 a minute by the second, known",
    rows: 3_000,
    inFlight: 128,
    setup: { ...USUAL, medianMs: 300, requestsPerMinute: 3_000, tellsHeaders: false },
    bar: 1.02,
  },
  {
    name: "answers of 20 s",
    rows: 1_000,
    inFlight: 128,
    setup: { ...USUAL, medianMs: 20_000, tellsHeaders: false },
    bar: 1.05,
  },
];

const PIPELINE = {
  name: "other-server",
  defaults: { model: "gpt-5-mini", maxOutputTokens: 50 },
  steps: [
    {
      id: "answer",
      messages: [{ role: "user" as const, content: "Say something of {{ row.text }}" }],
    },
  ],
};

const [only] = process.argv.slice(2);
console.log(
  "work                                      span    shortest   ratio   refused   failed",
);
for (const work of WORK) if (only === undefined || work.name.includes(only)) await measure(work);

async function measure({ name, rows, inFlight, setup, bar }: Work): Promise<void> {
  const server = spawn(process.execPath, [fileURLToPath(new URL("server.ts", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const directory = mkdtempSync(join(tmpdir(), "rota-other-server-"));
  try {
    server.stdin.write(`${JSON.stringify({ ...setup, seed: 1 })}\n`);
    const [port] = await once(server.stdout);
    const url = `http://127.0.0.1:${port}`;
    const keys = keysFromSecrets(new Map([["other", "sk-other-server"]]), { baseUrl: `${url}/v1` });
    const { requestsPerMinute } = setup;
    let firstAt: number | undefined;
    let lastAt = 0;
    const summary = await startRun({
      pipeline: PIPELINE,
      rows: Array.from({ length: rows }, (_, index) => ({ text: `row ${index}` })),
      keys: { ...keys, limits: grant(keys, { requestsPerMinute }) },
      concurrency: inFlight,
      stateDirectory: directory,
      limitsDirectory: false,
      onEvent: ({ kind }) => {
        if (kind === "call-sent") firstAt ??= performance.now();
        if (kind === "call-ended") lastAt = performance.now();
      },
    }).finished;
    const { latencies, refused } = statisticsSchema.parse(
      await (await fetch(`${url}/statistics`)).json(),
    );
    const span = lastAt - (firstAt ?? 0);
    const shortest = shortestMs(latencies, inFlight, requestsPerMinute);
    const ratio = span / shortest;
    console.log(
      name.padEnd(38),
      `${(span / 1_000).toFixed(2)} s`.padStart(9),
      `${(shortest / 1_000).toFixed(2)} s`.padStart(10),
      ratio.toFixed(3).padStart(8),
      String(refused).padStart(9),
      String(summary.rows.failed).padStart(8),
      `  ≤ ${bar} ${ratio <= bar ? "holds" : "MISSED"}`,
    );
  } finally {
    server.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

function grant({ keys }: KeyRingConfiguration, limits: RateLimits): KeyRingConfiguration["limits"] {
  return new Map(keys.map(({ limitGroup }) => [limitGroup, new Map([[ANY_MODEL, limits]])]));
}

/** The time of the schedule in which no place is ever empty, or that of the limit if that is longer. */
function shortestMs(
  latencies: readonly number[],
  places: number,
  requestsPerMinute: number | undefined,
): number {
  const freeAt: number[] = Array.from({ length: places }, () => 0);
  for (const latencyMs of latencies) {
    const earliest = freeAt.indexOf(Math.min(...freeAt));
    freeAt[earliest] = (freeAt[earliest] ?? 0) + latencyMs;
  }
  if (requestsPerMinute === undefined) return Math.max(...freeAt);
  // The first second's share is there at once.
  const perSecond = requestsPerMinute / 60;
  const admittedMs = Math.max(0, (latencies.length - perSecond) / perSecond) * 1_000;
  const byLimitMs = admittedMs + latencies.reduce((sum, ms) => sum + ms, 0) / latencies.length;
  return Math.max(byLimitMs, ...freeAt);
}

async function once(stream: NodeJS.ReadableStream): Promise<string[]> {
  for await (const line of createInterface({ input: stream })) return [line];
  throw new Error("The server ended before it listened.");
}
