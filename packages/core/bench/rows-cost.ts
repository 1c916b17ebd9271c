/**
 * What rows cost: checked, read and written, and the most memory that took.
 *
 *     node packages/core/bench/rows-cost.ts [ROWS]
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallRecord } from "../src/vocabulary/journal.ts";
import { openRows } from "../src/rows/open-rows.ts";
import { layOutResults } from "../src/deliver/table/result-columns.ts";
import { toResultRecord } from "../src/deliver/table/result-record.ts";
import { placeOutput } from "../src/deliver/output-place.ts";
import { openTableWriter } from "../src/deliver/table/table-writer.ts";
import type { TableFormat } from "../src/vocabulary/row-source.ts";

const count = Number(process.argv[2] ?? 200_000);
const generator = join(import.meta.dirname, "rows-generate.ts");
const directory = await mkdtemp(join(tmpdir(), "rota-rows-"));

const steps = [
  { id: "classify", output: { kind: "json-schema", fields: ["urgency", "topic"] } },
  { id: "reply", output: { kind: "text", fields: [] } },
] as const;

const CALLS: readonly CallRecord[] = [
  ["classify", '{"urgency":"high","topic":"late order"}'] as const,
  ["reply", "Dear customer,\nwe are sorry to hear that. We shall look into it today."] as const,
].map(([step, text]) => ({
  id: { step, subject: { per: "row", ordinal: 0, content: "" } },
  attempts: 1,
  unanswered: 0,
  result: {
    status: "done",
    text,
    finishReason: "stop",
    usage: { inputTokens: 120, cachedInputTokens: 0, outputTokens: 60 },
    costUsd: 0.00015,
    latencyMs: 812.5,
    key: "support-a",
  },
}));

for (const format of ["csv", "jsonl"] as const) {
  const file = join(directory, `rows.${format}`);
  execFileSync(process.execPath, [generator, file, format, String(count)]);
  await measureRows(file, format);
}
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
await rm(directory, { recursive: true });

async function measureRows(file: string, format: TableFormat): Promise<void> {
  const source = await openRows(file);
  const { columns } = await measure(`${format} scan`, () => source.scan());
  await measure(`${format} read`, async () => {
    for await (const _ of source.read());
  });

  const table = layOutResults(columns, steps);
  const out = join(directory, `out.${format}`);
  const place = placeOutput({ file: out, realFile: out }, directory);
  const writer = await openTableWriter(place, {
    format,
    columns: table.columns,
  });
  await measure(`${format} read and write`, async () => {
    for await (const row of source.read()) {
      const result = { row, calls: CALLS, status: "done", error: undefined } as const;
      await writer.write(toResultRecord(table, result, format));
    }
    await writer.commit();
  });
}

async function measure<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = process.cpuUsage();
  const begunAt = performance.now();
  const result = await work();
  const elapsedUs = (performance.now() - begunAt) * 1000;
  const { user, system } = process.cpuUsage(before);
  console.log(
    `${name.padEnd(20)} ${(elapsedUs / count).toFixed(1)} µs a row, ` +
      `${((user + system) / count).toFixed(1)} µs CPU, ` +
      `${Math.round(process.memoryUsage.rss() / 1024 ** 2)} MB now`,
  );
  return result;
}
