/**
 * What the journal costs: a send and a result for each row, by calls in flight and size of reply.
 *
 *     node packages/core/bench/journal-cost.ts
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/clock/system-clock.ts";
import { openJournal } from "../src/journal/open-journal.ts";
import type { Journal } from "../src/vocabulary/journal.ts";

const ROWS = 50_000;

for (const replyBytes of [250, 2_000]) {
  for (const inFlight of [1, 32, 64, 128]) await measure(inFlight, "x".repeat(replyBytes));
}

async function measure(inFlight: number, reply: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "rota-journal-"));
  const { journal } = openJournal({
    directory,
    fingerprints: { input: "bench" },
    fresh: false,
    clock: systemClock,
    random: () => 0.5,
  });
  const rows = inFlight === 1 ? ROWS / 20 : ROWS;
  const begunAt = performance.now();
  const before = process.cpuUsage();
  let next = 0;
  const work = async () => {
    for (let ordinal = next++; ordinal < rows; ordinal = next++) {
      await recordRow(journal, ordinal, reply);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - begunAt) / 1000;
  await journal.close();
  rmSync(directory, { recursive: true });
  console.log(
    `${String(reply.length).padStart(5)} bytes a reply, ${String(inFlight).padStart(3)} in flight: ` +
      `${Math.round(rows / seconds)} rows/s, ${((user + system) / rows).toFixed(1)} µs CPU a row`,
  );
}

async function recordRow(journal: Journal, ordinal: number, reply: string): Promise<void> {
  const id = {
    step: "classify",
    subject: { per: "row", ordinal, content: "00112233aabbccdd" },
  } as const;
  await journal.recordSend(id, { key: "support-a", worstCaseUsd: 0.001 });
  await journal.recordResult(id, {
    status: "done",
    text: reply,
    finishReason: "stop",
    usage: { inputTokens: 120, cachedInputTokens: 0, outputTokens: 60 },
    costUsd: 0.00015,
    latencyMs: 812.5,
    key: "support-a",
    request: "00112233445566778899aabbccddeeff",
  });
}
