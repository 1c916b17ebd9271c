import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { RunChangedError, RunLockedError, StorageError } from "../vocabulary/error.ts";
import type { CallId, CallResult, Fingerprints } from "../vocabulary/journal.ts";
import { runWriter } from "./crash-trial.ts";
import { openJournal } from "./open-journal.ts";

const root = mkdtempSync(join(tmpdir(), "rota-journal-"));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
const newFolder = () => join(root, "runs", String(folders++));
const BEGUN_AT = Date.UTC(2026, 10, 23, 10, 15);
const FINGERPRINTS = { input: "a", "step reply": "b" };
const open = (
  directory: string,
  options: { fresh?: boolean; fingerprints?: Fingerprints; at?: number } = {},
) =>
  openJournal({
    directory,
    fingerprints: options.fingerprints ?? FINGERPRINTS,
    fresh: options.fresh ?? false,
    clock: new VirtualClock(options.at ?? BEGUN_AT),
    random: () => 0.5,
  });
const ROW_0: CallId = { step: "reply", subject: { per: "row", ordinal: 0 } };
const DONE: CallResult = { status: "done", text: "Thank you." };

test("a reopened journal continues the run that was begun", async () => {
  const directory = newFolder();
  const first = open(directory);
  expect(first).toMatchObject({ runId: "20261123-101500-8000", resumed: false });
  await first.journal.recordResult(ROW_0, DONE);
  await first.journal.close();

  const second = open(directory, { at: BEGUN_AT + 60_000 });
  expect(second).toMatchObject({ runId: first.runId, startedAt: BEGUN_AT, resumed: true });
  expect(second.journal.readRowCalls(0, 1)).toMatchObject([{ id: ROW_0, result: DONE }]);
  await second.journal.close();
});

test("a changed pipeline or input is refused, naming each difference and the way out", async () => {
  const directory = newFolder();
  await open(directory).journal.close();
  const reopen = () => open(directory, { fingerprints: { input: "changed", "step digest": "c" } });
  expect(reopen).toThrow(RunChangedError);
  expect(reopen).toThrow(/input changed, step reply was removed, step digest was added.*--fresh/);
  await open(directory).journal.close();
});

test("a fresh run sets the old journal aside whole, even that of a killed process", async () => {
  const directory = newFolder();
  await runWriter(directory, { rows: 100_000, inFlight: 2, killAfter: 10 });
  const { journal, resumed, runId } = open(directory, { fresh: true });
  expect(resumed).toBe(false);
  expect(journal.readRowCalls(0, 1)).toEqual([]);
  await journal.close();

  const restored = newFolder();
  renameSync(join(directory, "replaced", runId), restored);
  const old = open(restored, { fingerprints: {} });
  expect(old.journal.readTotals(1).rows.done).toBeGreaterThanOrEqual(10);
  await old.journal.close();
});

test("a run that is open is not opened twice, and the message says who has it", async () => {
  const directory = newFolder();
  const { journal } = open(directory);
  const reopen = () => open(directory);
  expect(reopen).toThrow(RunLockedError);
  expect(reopen).toThrow(`(process ${process.pid}, since 2026-11-23T10:15:00.000Z)`);
  const other = await runWriter(directory, { rows: 1, inFlight: 1 });
  expect(other.error).toContain(`RunLockedError: Another process has this run open (process`);
  await journal.close();
  await open(directory).journal.close();
});

// Windows knows no umask and no modes of files.
test.skipIf(process.platform === "win32")(
  "only the owner may enter a run's folder and read its files, whatever the umask",
  async () => {
    const umask = process.umask(0);
    try {
      const directory = newFolder();
      const { journal } = open(directory);
      await journal.recordResult(ROW_0, DONE);
      expect(statSync(directory).mode & 0o777).toBe(0o700);
      expect(statSync(join(directory, "..")).mode & 0o777).toBe(0o700);
      const modes = readdirSync(directory).map((name) => [
        name,
        (statSync(join(directory, name)).mode & 0o777).toString(8),
      ]);
      expect(Object.fromEntries(modes)).toEqual({
        "journal.db": "600",
        "journal.db-shm": "600",
        "journal.db-wal": "600",
        "lock.db": "600",
        "lock.txt": "600",
      });
      await journal.close();
    } finally {
      process.umask(umask);
    }
  },
);

test("closing leaves one file with everything in it, and may be done twice", async () => {
  const directory = newFolder();
  const { journal } = open(directory);
  const recorded = journal.recordResult(ROW_0, DONE);
  await Promise.all([journal.close(), journal.close()]);
  await recorded;
  expect(readdirSync(directory).toSorted()).toEqual(["journal.db", "lock.db"]);
});

test("a damaged journal is named, and a fresh run can take its place", async () => {
  const directory = newFolder();
  await open(directory).journal.close();
  writeFileSync(join(directory, "journal.db"), "not a database, whatever its name says");
  expect(() => open(directory)).toThrow(StorageError);
  expect(() => open(directory)).toThrow(/journal\.db .* it is damaged .* --fresh/);
  const { journal, runId } = open(directory, { fresh: true });
  expect(existsSync(join(directory, "replaced", runId, "journal.db"))).toBe(true);
  await journal.close();
});

test("a journal of a newer version is left alone", async () => {
  const directory = newFolder();
  await open(directory).journal.close();
  const database = new DatabaseSync(join(directory, "journal.db"));
  database.exec("INSERT INTO migration (name) VALUES ('add-dreams')");
  database.close();
  expect(() => open(directory)).toThrow(/newer version of Rota \(add-dreams\)\. Update Rota/);
});

test("a folder that cannot be made is named", () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  expect(() => open(join(file, "run"))).toThrow(StorageError);
});

test("another process can read the journal while the run goes on", async () => {
  const directory = newFolder();
  const { journal } = open(directory);
  await journal.recordResult(ROW_0, DONE);
  const query = `
    const { DatabaseSync } = require("node:sqlite");
    const database = new DatabaseSync(process.argv[1], { readOnly: true });
    console.log(database.prepare("SELECT text FROM result").get().text);`;
  const printed = execFileSync(
    process.execPath,
    ["--input-type=commonjs", "--eval", query, join(directory, "journal.db")],
    { encoding: "utf8" },
  );
  expect(printed).toBe("Thank you.\n");
  await journal.close();
});
