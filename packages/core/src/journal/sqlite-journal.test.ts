import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../clock/system-clock.ts";
import { RunChangedError, RunLockedError, StorageError } from "../vocabulary/error.ts";
import type { CallId, CallResult, Journal } from "../vocabulary/journal.ts";
import { testJournal } from "./journal-conformance.ts";
import { MemoryJournal } from "./memory-journal.ts";
import { openJournal } from "./open-journal.ts";

const root = mkdtempSync(join(tmpdir(), "rota-journal-"));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
const newFolder = () => join(root, String(folders++));
const open = (directory: string, fresh = false, fingerprints = { rows: "a", "step reply": "b" }) =>
  openJournal({ directory, fingerprints, fresh, clock: systemClock, random: () => 0.5 });
const onRow = (ordinal: number): CallId => ({ step: "reply", subject: { per: "row", ordinal } });
const DONE: CallResult = { status: "done", text: "Thank you.", finishReason: "stop" };

testJournal(async () => open(newFolder()).journal);

test("a reopened journal continues the run that was begun", async () => {
  const directory = newFolder();
  const first = open(directory);
  await first.journal.recordResult(onRow(0), DONE);
  await first.journal.close();

  const second = open(directory);
  expect(second).toMatchObject({ runId: first.runId, resumed: true });
  expect(second.journal.readRowCalls(0, 1)[0]?.result).toMatchObject(DONE);
  await second.journal.close();
});

test("a changed pipeline is refused by name, and the way out is said", async () => {
  const directory = newFolder();
  await open(directory).journal.close();
  const reopen = () => open(directory, false, { rows: "a", "step reply": "changed" });
  expect(reopen).toThrow(RunChangedError);
  expect(reopen).toThrow(/step reply changed.*--fresh/);
  const { journal } = open(directory);
  await journal.close();
});

test("a fresh run sets the old journal aside without losing it", async () => {
  const directory = newFolder();
  const old = open(directory);
  await old.journal.recordResult(onRow(0), DONE);
  await old.journal.close();
  const { journal, resumed } = open(directory, true);
  expect(resumed).toBe(false);
  expect(journal.readRowCalls(0, 1)).toEqual([]);
  await journal.close();
  const [kept = ""] = readdirSync(join(directory, "replaced"));
  const again = join(root, "kept");
  const { journal: keptJournal } = (() => {
    const folder = join(directory, "replaced", kept);
    copyFolder(folder, again);
    return open(again);
  })();
  expect(keptJournal.readRowCalls(0, 1)).toHaveLength(1);
  await keptJournal.close();
});

test("a run that is open cannot be opened a second time", async () => {
  const directory = newFolder();
  const { journal } = open(directory);
  expect(() => open(directory)).toThrow(RunLockedError);
  await journal.close();
  await open(directory).journal.close();
});

test("only the owner may read a run's folder and files, whatever the umask", async () => {
  const umask = process.umask(0);
  const directory = newFolder();
  try {
    const { journal } = open(directory);
    await journal.recordResult(onRow(0), DONE);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(directory)) {
      expect([name, statSync(join(directory, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    await journal.close();
  } finally {
    process.umask(umask);
  }
});

test("a file that is no journal is named, with the way out", () => {
  const directory = newFolder();
  void open(directory).journal.close();
  writeFileSync(join(directory, "journal.db"), "this is not a database, whatever its name says");
  expect(() => open(directory)).toThrow(StorageError);
  expect(() => open(directory)).toThrow(/journal\.db.*--fresh/);
});

/** Records rows until it is killed, and says which results it was told are durable. */
const WRITER = `
  import { openJournal } from ${JSON.stringify(join(import.meta.dirname, "open-journal.ts"))};
  import { systemClock } from ${JSON.stringify(join(import.meta.dirname, "../clock/system-clock.ts"))};
  const { journal } = openJournal({
    directory: process.argv[1], fingerprints: { rows: "a", "step reply": "b" },
    fresh: false, clock: systemClock, random: () => 0.5,
  });
  const begin = journal.readTotals(1).rowsReached;
  let next = begin;
  const work = async () => {
    for (;;) {
      const id = { step: "reply", subject: { per: "row", ordinal: next++ } };
      await journal.recordSend(id, "a");
      await journal.recordResult(id, { status: "done", text: "x".repeat(200) });
      process.stdout.write(id.subject.ordinal + "\\n");
    }
  };
  const stop = (error) => { process.stdout.write("failed " + error.name + "\\n"); process.exit(3); };
  await Promise.all(Array.from({ length: 8 }, work)).catch(stop);
`;

function startWriter(directory: string, command = process.execPath, before: string[] = []) {
  const args = [...before, "--input-type=module-typescript", "--eval", WRITER, directory];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  return { child, lines: () => printed.split("\n").slice(0, -1) };
}

test("what was reported durable survives kill -9, time after time", async () => {
  const directory = newFolder();
  const durable = new Set<number>();
  for (let kill = 0; kill < 5; kill++) {
    const { child, lines } = startWriter(directory);
    const wanted = 20 + kill * 37;
    child.stdout.on("data", () => {
      if (lines().length >= wanted) child.kill("SIGKILL");
    });
    await once(child, "close");
    for (const line of lines()) durable.add(Number(line));
    const { journal } = open(directory);
    const totals = journal.readTotals(1);
    const kept = new Set(
      journal
        .readRowCalls(0, totals.rowsReached)
        .filter(({ result }) => result?.status === "done")
        .map(({ id }) => (id.subject.per === "row" ? id.subject.ordinal : -1)),
    );
    expect([...durable].filter((ordinal) => !kept.has(ordinal))).toEqual([]);
    expect(totals.openCalls).toBeLessThanOrEqual(8 * (kill + 1));
    await journal.close();
  }
});

test("a full disk ends in one typed error, and what was durable before is kept", async () => {
  const directory = newFolder();
  await open(directory).journal.close();
  const limited = 'ulimit -f 256; trap "" XFSZ; exec "$0" "$@"';
  const { child, lines } = startWriter(directory, "sh", ["-c", limited, process.execPath]);
  const [exitCode] = await once(child, "close");
  expect(exitCode).toBe(3);
  expect(lines().at(-1)).toBe("failed StorageError");
  const { journal } = open(directory);
  const done = journal.readTotals(1).rows.done;
  expect(done).toBeGreaterThanOrEqual(lines().length - 1);
  await journal.recordResult(onRow(100_000), DONE);
  await journal.close();
});

test("a log torn at any place opens with a beginning of what was recorded", async () => {
  const directory = newFolder();
  const { journal } = open(directory);
  for (let ordinal = 0; ordinal < 20; ordinal++) await journal.recordResult(onRow(ordinal), DONE);
  const whole = statSync(join(directory, "journal.db-wal")).size;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole }), async (size) => {
      const torn = newFolder();
      copyFolder(directory, torn);
      truncateSync(join(torn, "journal.db-wal"), size);
      const { journal: rest } = open(torn);
      const { rowsReached, rows } = rest.readTotals(1);
      expect(rows.done).toBe(rowsReached);
      await rest.close();
    }),
    { numRuns: 15 },
  );
  await journal.close();
});

test("whatever is recorded, in whatever order, reads the same after reopening", async () => {
  const operation = fc.record({
    kind: fc.constantFrom("send", "refuse", "finish", "fail", "forget", "reopen"),
    ordinal: fc.nat({ max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 30 }), async (operations) => {
      const directory = newFolder();
      const model = new MemoryJournal();
      let { journal } = open(directory);
      for (const { kind, ordinal } of operations) {
        if (kind === "reopen") {
          await journal.close();
          journal = open(directory).journal;
        } else {
          for (const each of [model, journal]) await apply(each, kind, onRow(ordinal));
        }
        expect(journal.readTotals(1)).toEqual(model.readTotals(1));
      }
      await journal.close();
    }),
    { numRuns: 25 },
  );
});

async function apply(journal: Journal, kind: string, id: CallId): Promise<void> {
  if (kind === "send") await journal.recordSend(id, "support-a");
  if (kind === "finish") await journal.recordResult(id, DONE);
  if (kind === "forget") journal.forgetFailures();
  if (kind === "fail") {
    const error = { code: "refused", message: "no" } as const;
    await journal.recordResult(id, { status: "failed", error });
  }
  // A refusal follows a send; of a call that was never sent there is nothing to refuse.
  if (kind === "refuse") {
    await journal.recordSend(id, "support-a");
    journal.recordRefusal(id);
  }
}

function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const file = join(from, name);
    if (statSync(file).isFile() && name !== "lock.db") copyFileSync(file, join(to, name));
  }
}
