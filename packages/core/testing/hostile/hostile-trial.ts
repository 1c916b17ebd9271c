import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  keysFromSecrets,
  startRun,
  type JsonObject,
  type PipelineDefinition,
} from "../../src/index.ts";
import { CALL_ERROR_CODES } from "../../src/vocabulary/provider.ts";
import { kindOf, rightAnswer } from "./hostile-server.ts";

export interface HostileTrial {
  readonly done: number;
  readonly failed: number;
  /** Of this process, from its start to the end of the run. */
  readonly peakBytes: number;
  /** What the promise forbids, a line each. */
  readonly breaches: readonly string[];
}

const PIPELINE: PipelineDefinition = {
  name: "hostile",
  defaults: { model: "gpt-5-mini", maxOutputTokens: 100 },
  input: { id: "number" },
  limits: { concurrency: 16, callTimeoutSeconds: 1, maxFaults: 2, maxErrorRate: 1 },
  steps: [
    {
      id: "text",
      when: 'row.asks == "text"',
      messages: [{ role: "user", content: "Answer row {{ row.number }}" }],
    },
    {
      id: "json",
      when: 'row.asks == "json"',
      messages: [{ role: "user", content: "Answer row {{ row.number }}" }],
      output: {
        schema: {
          type: "object",
          required: ["answer"],
          properties: {
            answer: { type: "integer" },
            tree: { $ref: "#/$defs/tree" },
            tags: { type: "array", uniqueItems: true },
            code: { type: "string", pattern: "^(a+)+$" },
          },
          $defs: {
            tree: {
              anyOf: [
                { type: "array", maxItems: 0, items: { $ref: "#/$defs/tree" } },
                { type: "array", items: { $ref: "#/$defs/tree" } },
              ],
            },
          },
        },
      },
    },
  ],
};

/**
 * Runs a pipeline of so many rows, each answered in its hostile way, and looks at its output.
 * @param baseUrl of a server that `startHostileServer` started
 */
export async function runHostileTrial(baseUrl: string, rows: number): Promise<HostileTrial> {
  const folder = mkdtempSync(join(tmpdir(), "rota-hostile-"));
  try {
    const output = join(folder, "results.jsonl");
    const summary = await startRun({
      pipeline: PIPELINE,
      rows: () => makeRows(rows),
      keys: keysFromSecrets(new Map([["hostile", "sk-hostile-0123456789"]]), { baseUrl }),
      outputFiles: [output],
      stateDirectory: join(folder, ".rota"),
      limitsDirectory: false,
    }).finished;
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    const read = await readOutput(output, rows);
    const { done, failed } = summary.rows;
    const accounted = done === read.done && failed === read.failed && done + failed === rows;
    const told = accounted ? [] : [`${done} and ${failed} of ${rows} rows are told as ended`];
    return { ...read, peakBytes, breaches: [...read.breaches, ...told] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function* makeRows(count: number): Generator<JsonObject> {
  for (let number = 0; number < count; number += 1) {
    yield { number, asks: kindOf(number).asks };
  }
}

async function readOutput(file: string, rows: number): Promise<Omit<HostileTrial, "peakBytes">> {
  const breaches: string[] = [];
  let done = 0;
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const record: JsonObject = JSON.parse(line);
    const breach = findBreach(record, number);
    if (breach) breaches.push(`row ${number}, ${kindOf(number).name}: ${breach}`);
    if (record["__status"] === "done") done += 1;
    number += 1;
  }
  if (number !== rows) breaches.push(`the output has ${number} records of ${rows}`);
  return { done, failed: number - done, breaches };
}

function findBreach(record: JsonObject, number: number): string | undefined {
  if (record["number"] !== number) return "it stands in another's place";
  if (record["__status"] === "done") {
    if (!kindOf(number).holdsAnswer) return "it is done without an answer";
    const isRight = record["text"] === rightAnswer(number) || record["json.answer"] === number;
    return isRight ? undefined : "it is done with another answer";
  }
  if (record["__status"] !== "failed") return `it is ${JSON.stringify(record["__status"])}`;
  const [, code = ""] = /^\w+: ([\w-]+)/.exec(String(record["__error"])) ?? [];
  return CALL_ERROR_CODES.some((known) => known === code) ? undefined : `it failed for ${code}`;
}
