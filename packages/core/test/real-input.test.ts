import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { KEYS } from "./example.ts";
import { openSimulator, prepareRun, runHere } from "./stage.ts";

/** A CSV of prompts, with a column `prompt`, that is not part of this repository. */
const SAMPLE = process.env["ROTA_SAMPLE_CSV"];

const PIPELINE = `name: sample
defaults: { model: gpt-5-mini, maxOutputTokens: 120 }
limits: { concurrency: 64 }
steps:
  - id: answer
    messages: [{ role: user, content: "{{ row.prompt }}" }]
`;

const LIMITS = { requestsPerMinute: 4_500, tokensPerMinute: 6_000_000 };

test.skipIf(SAMPLE === undefined)(
  "all rows of a real file are done on four keys: in order, columns unchanged, never throttled",
  async () => {
    const rows = readFileSync(SAMPLE ?? "", "utf8");
    const simulator = await openSimulator({
      keys: Object.fromEntries(KEYS.map((key) => [key, {}])),
      limitGroups: Object.fromEntries(KEYS.map((key) => [key, LIMITS])),
      latency: { kind: "lognormal", medianMs: 50 },
    });
    const folder = prepareRun(simulator.url, { pipeline: PIPELINE, rows, limits: LIMITS });
    const { columns, records } = readTable(rows);
    const summary = await runHere(folder);
    expect(summary).toMatchObject({
      status: "completed",
      rows: { total: records.length, done: records.length },
      calls: { throttled: 0 },
    });
    const results = readTable(folder.read("results.csv"));
    expect(results.columns.slice(0, columns.length)).toEqual(columns);
    expect(results.records.map((cells) => cells.slice(0, columns.length))).toEqual(records);
    expect(simulator.stats().byStatus).toEqual({ 200: simulator.stats().received });
  },
);

function readTable(text: string): { columns: string[]; records: string[][] } {
  const [columns = [], ...records]: string[][] = parse(text, { bom: true });
  return { columns, records };
}
