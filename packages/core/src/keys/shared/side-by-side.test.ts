import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runSideBySide, type SideBySide } from "../../../bench/ring/run-side-by-side.ts";
import type { OpenLimitStore } from "../limits/limit-store.ts";
import { memoryLimits } from "../limits/memory-limits.ts";
import { sharedLimits } from "./shared-limits.ts";

const GROUP = { requestsPerMinute: 600, tokensPerMinute: 1e9, charge: 100 };
const ROWS = { calls: 300, inFlight: 16 };

function share(): OpenLimitStore {
  const directory = mkdtempSync(join(tmpdir(), "rota-side-by-side-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return sharedLimits({ directory });
}

const SITUATIONS: Record<string, Partial<SideBySide>> = {
  "that know their limit": {},
  "of which one has less in flight": { participants: [ROWS, { ...ROWS, inFlight: 4 }] },
  "on a server that tells no counts": { headers: false },
  "that have to learn their limit": {
    participants: [
      { ...ROWS, limits: {} },
      { ...ROWS, limits: {} },
    ],
  },
};

test.each(Object.entries(SITUATIONS))(
  "two rings %s are served alike, without a refusal, and lose no time",
  async (_, situation) => {
    const { admittedAt, refusals, endedAtMs } = await runSideBySide({
      ...GROUP,
      seed: 1,
      participants: [ROWS, ROWS],
      open: share(),
      ...situation,
    });
    const [first = 0, second = 0] = admittedAt.map(
      (times) => times.filter((at) => at < endedAtMs / 2).length,
    );
    expect(refusals).toBe(0);
    expect(first / (first + second)).toBeCloseTo(0.5, 1);
    expect(endedAtMs).toBeLessThan(60_000 * 1.05);
  },
);

test("a ring that was killed leaves its places and its share to the other within five seconds", async () => {
  const killedAtMs = 10_000;
  const { admittedAt } = await runSideBySide({
    ...GROUP,
    requestsPerMinute: 6_000,
    seed: 1,
    open: share(),
    participants: [
      { ...ROWS, calls: 3_000, limits: { concurrency: 8 }, killedAtMs },
      { ...ROWS, calls: 600, limits: { concurrency: 8 } },
    ],
  });
  const countFrom = (ms: number) =>
    (admittedAt[1] ?? []).filter((at) => at >= ms && at < ms + 4_000).length;
  expect(countFrom(killedAtMs + 5_000)).toBeGreaterThan(1.6 * countFrom(killedAtMs - 4_000));
});

test("two that cannot see each other do not take each other's calls for ever", async () => {
  const { admittedAt } = await runSideBySide({
    ...GROUP,
    requestsPerMinute: 90,
    seed: 1,
    participants: [
      { calls: 10, inFlight: 4 },
      { calls: 10, inFlight: 4 },
    ],
    open: (parts) => memoryLimits()(parts),
  });
  expect(admittedAt.map((times) => times.length)).toEqual([10, 10]);
});
