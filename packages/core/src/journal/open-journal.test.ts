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
import { runWriter } from "../../testing/crash-trial.ts";
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
const ROW_0: CallId = { step: "reply", subject: { per: "row", ordinal: 0, content: "a" } };
const DONE: CallResult = { status: "done", text: "Thank you." };

test("a reopened journal continues the run that was begun", async () => {
  const directory = newFolder();
  const first = open(directory);
  expect(first).toMatchObject({ runId: "20261123-101500-8000", resumed: false });
  await first.journal.recordResult(ROW_0, DONE);
  await first.journal.close();

  const second = open(directory, { at: BEGUN_AT + 60_000 });
  expect(second).toMatchObject({ runId: first.runId, startedAt: BEGUN_AT, resumed: true });
  expect(await Array.fromAsync(second.journal.readCalls({ per: "row" }))).toMatchObject([
    { id: ROW_0, result: DONE },
  ]);
  await second.journal.close();
});

test("a changed pipeline or input is refused, naming each difference and the way out", async () => {
  const directory = newFolder();
  await open(directory).journal.close();
  const reopen = () => open(directory, { fingerprints: { input: "changed", "step digest": "c" } });
  expect(reopen).toThrow(RunChangedError);
  expect(reopen).toThrow(/input changed, step reply was removed, step digest was added.*`fresh`/);
  await open(directory).journal.close();
});

test("a fresh run sets the old journal aside whole, even that of a killed process", async () => {
  const directory = newFolder();
  await runWriter(directory, { rows: 100_000, inFlight: 2, killAfter: 10 });
  const { journal, resumed, runId } = open(directory, { fresh: true });
  expect(resumed).toBe(false);
  expect(await Array.fromAsync(journal.readCalls({ per: "row" }))).toEqual([]);
  await journal.close();

  const restored = newFolder();
  renameSync(join(directory, "replaced", runId), restored);
  const old = open(restored, { fingerprints: {} });
  expect((await old.journal.readTotals(["reply"])).rows.done).toBeGreaterThanOrEqual(10);
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
  expect(() => open(directory)).toThrow(/journal\.db is damaged: .* `fresh`/);
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

test("a journal of the first version goes on: its rows are done, steps over the run begin anew", async () => {
  const directory = newFolder();
  await open(directory).journal.close();
  rmSync(join(directory, "journal.db"));
  const old = new DatabaseSync(join(directory, "journal.db"));
  old.exec(FIRST_VERSION);
  old.close();

  const { journal, runId } = open(directory);
  expect(runId).toBe("20261101-080000-abcd");
  expect(await Array.fromAsync(journal.readCalls({ per: "row" }))).toMatchObject([
    {
      id: { step: "reply", subject: { per: "row", ordinal: 0, content: "" } },
      attempts: 2,
      unanswered: 0,
      result: { status: "done", text: "Thank you.", key: "a", costUsd: 0.5 },
    },
    { id: { subject: { ordinal: 7 } }, attempts: 1, unanswered: 1, result: undefined },
  ]);
  const steps = await Array.fromAsync(journal.readCalls({ per: "run" }), ({ id }) => id.step);
  expect(steps).not.toContain("digest");
  expect(await journal.readTotals(["reply"])).toMatchObject({
    rows: { done: 1 },
    attempts: 4,
    costUsd: 0.75,
    unknownCostUsd: 0.25,
  });
  await journal.recordResult({ ...ROW_0, step: "reply" }, DONE);
  await journal.close();
});

const FIRST_VERSION = `
  CREATE TABLE migration (name TEXT PRIMARY KEY) STRICT;
  INSERT INTO migration VALUES ('create-run-calls-results'), ('bound-unknown-costs');
  CREATE TABLE run (id TEXT NOT NULL, started_at REAL NOT NULL) STRICT;
  CREATE TABLE fingerprint (name TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE call (
    id INTEGER PRIMARY KEY, ordinal INTEGER NOT NULL, step TEXT NOT NULL,
    attempts INTEGER NOT NULL, unanswered INTEGER NOT NULL, sent_on TEXT,
    result INTEGER REFERENCES result, UNIQUE (ordinal, step)
  ) STRICT;
  CREATE TABLE result (
    id INTEGER PRIMARY KEY, status TEXT NOT NULL, error_code TEXT, error_message TEXT, reason TEXT,
    finish_reason TEXT, input_tokens INTEGER, cached_input_tokens INTEGER, output_tokens INTEGER,
    cost_usd REAL, latency_ms REAL, key TEXT, text TEXT
  ) STRICT;
  ALTER TABLE call ADD COLUMN at_stake_usd REAL NOT NULL DEFAULT 0;
  ALTER TABLE call ADD COLUMN unknown_usd REAL NOT NULL DEFAULT 0;
  INSERT INTO run VALUES ('20261101-080000-abcd', 1);
  INSERT INTO fingerprint VALUES ('input', 'a'), ('step reply', 'b');
  INSERT INTO result VALUES
    (1, 'done', NULL, NULL, NULL, 'stop', 10, 0, 5, 0.5, 12.5, 'a', 'Thank you.'),
    (2, 'done', NULL, NULL, NULL, 'stop', 10, 0, 5, 0.25, 12.5, 'a', 'All is well.');
  INSERT INTO call VALUES
    (1, 0, 'reply', 2, 0, 'a', 1, 0, 0),
    (2, 7, 'reply', 1, 1, 'a', NULL, 0.25, 0),
    (3, -1, 'digest@1a2b3c4d', 1, 0, 'a', 2, 0, 0);
`;
