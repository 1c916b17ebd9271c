import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../clock/system-clock.ts";
import { createRandom } from "../vocabulary/random.ts";
import {
  canInjectFaults,
  injectFault,
  readAfterCrash,
  runWriter,
} from "../../testing/crash-trial.ts";
import { openJournal } from "./open-journal.ts";

const root = mkdtempSync(join(tmpdir(), "rota-crash-"));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
const newFolder = () => join(root, String(folders++));
const logOf = (folder: string) => join(folder, "journal.db-wal");
/** More rows than a process can record before it is stopped. */
const ENDLESS = 100_000;

test(
  "what was reported durable survives kill -9, time after time",
  { timeout: 30_000 },
  async () => {
    const directory = newFolder();
    const random = createRandom(1);
    const durable = new Set<number>();
    for (let kill = 0; kill < 10; kill += 1) {
      const killAfter = 1 + Math.floor(random() * 200);
      const end = await runWriter(directory, { rows: ENDLESS, inFlight: 8, killAfter });
      for (const ordinal of end.durable) durable.add(ordinal);
      const { done, rowsReached, totals } = await readAfterCrash(directory);
      expect(end.killed).toBe(true);
      expect(durable.difference(done)).toEqual(new Set());
      expect(totals.openCalls).toBeLessThanOrEqual(8);
      expect(totals.attempts - rowsReached).toBeLessThanOrEqual(8 * kill);
    }
  },
);

test("of processes that open one run at the same time exactly one gets it", async () => {
  const directory = newFolder();
  const stop = new AbortController();
  let refused = 0;
  const processes = Array.from({ length: 3 }, async () => {
    const end = await runWriter(directory, { rows: ENDLESS, inFlight: 1, signal: stop.signal });
    if (end.error?.startsWith("RunLockedError")) refused += 1;
    if (refused === 2) stop.abort();
    return end.killed;
  });
  const worked = (await Promise.all(processes)).filter((killed) => killed);
  expect(worked).toHaveLength(1);
});

// Windows has no `ulimit`.
test.skipIf(process.platform === "win32")(
  "a file that may not grow ends in a StorageError; with room again all is there",
  async () => {
    const directory = newFolder();
    const limited = ["sh", "-c", 'ulimit -f 400; exec "$0" "$@"'];
    const end = await runWriter(directory, { rows: ENDLESS, inFlight: 8, under: limited });
    expect(end.error).toMatch(/^StorageError: .*journal\.db.*type the same command again/);
    const { done, rowsReached, totals } = await readAfterCrash(directory);
    expect(new Set(end.durable).difference(done)).toEqual(new Set());
    expect(totals.openCalls).toBeLessThanOrEqual(8);
    const rows = rowsReached + 100;
    expect(await runWriter(directory, { rows, inFlight: 8 })).toMatchObject({ error: undefined });
    expect((await readAfterCrash(directory)).done.size).toBe(rows);
  },
);

test.skipIf(!canInjectFaults()).each([
  ["no space", "pwrite64", "ENOSPC", /Make room on the disk/],
  ["an I/O error", "pwrite64", "EIO", /Check the disk/],
  ["a failed sync", "fsync", "EIO", /Check the disk/],
])("%s ends in a StorageError, and nothing durable is lost", async (_, call, error, remedy) => {
  const directory = newFolder();
  const under = injectFault(call, `error=${error}`, "90+");
  const end = await runWriter(directory, { rows: ENDLESS, inFlight: 1, under });
  expect(end.error).toMatch(/^StorageError: /);
  expect(end.error).toMatch(remedy);
  expect(end.durable).not.toEqual([]);
  const { done } = await readAfterCrash(directory);
  expect(new Set(end.durable).difference(done)).toEqual(new Set());
});

/** Not each call, to keep it short; `bench/journal-kill-points.ts` leaves none out. */
test.skipIf(!canInjectFaults()).each([
  ["pwrite64", 13],
  ["fsync", 4],
])("a process killed at any %s can be continued", { timeout: 30_000 }, async (call, stride) => {
  const rows = 3;
  for (let when = 1; ; when += stride) {
    const directory = newFolder();
    const under = injectFault(call, "signal=KILL", String(when));
    const { durable, killed } = await runWriter(directory, { rows, inFlight: 1, under });
    expect(new Set(durable).difference((await readAfterCrash(directory)).done)).toEqual(new Set());
    await runWriter(directory, { rows, inFlight: 1 });
    expect((await readAfterCrash(directory)).done.size).toBe(rows);
    if (!killed) break;
  }
});

test("a log cut or garbled at any place opens with all that was committed before it", async () => {
  const directory = newFolder();
  const { journal } = openJournal({
    directory,
    fingerprints: {},
    fresh: false,
    clock: systemClock,
    random: () => 0.5,
  });
  const sizes: number[] = [];
  for (let ordinal = 0; ordinal < 20; ordinal += 1) {
    const id = { step: "reply", subject: { per: "row", ordinal, content: "" } } as const;
    await journal.recordResult(id, { status: "done", text: `Reply ${ordinal}. `.repeat(20) });
    sizes.push(statSync(logOf(directory)).size);
  }
  const damage = fc.record({
    at: fc.nat({ max: sizes.at(-1) ?? 0 }),
    tail: fc.uint8Array({ maxLength: 20_000 }),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ at, tail }) => {
      const copy = newFolder();
      // Not in this process: to close a file is to drop the locks that SQLite holds on it.
      execFileSync("cp", ["-r", directory, copy]);
      writeFileSync(logOf(copy), Buffer.concat([readFileSync(logOf(copy)).subarray(0, at), tail]));
      const { done } = await readAfterCrash(copy);
      expect(done.size).toBeGreaterThanOrEqual(sizes.filter((size) => size <= at).length);
      expect([...done]).toEqual(Array.from(done, (_, ordinal) => ordinal));
    }),
    { numRuns: 25 },
  );
  await journal.close();
});
