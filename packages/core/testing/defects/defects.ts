/** A mistake that somebody could make: one text of one file, and what stands in its place. */
export interface Defect {
  /** What the program then does. */
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly search: string;
  readonly replace: string;
  /** Files of tests, from the root, one of which must fail. */
  readonly tests: readonly string[];
  /** The name of the test that fails first, as it stands in its file. */
  readonly caughtBy: string;
}

const CORE = "packages/core/src";
const SIMULATION = "packages/core/test/simulation.test.ts";
const DAMAGE = "packages/core/test/damage.test.ts";
const EXECUTE = `${CORE}/execute/execute-run.test.ts`;
const STAGES = `${CORE}/execute/stages.test.ts`;
const JOURNAL = `${CORE}/journal/sqlite-journal.test.ts`;
const OPENING = `${CORE}/journal/open-journal.test.ts`;
const CRASHES = `${CORE}/journal/journal-crash.test.ts`;
const RING = `${CORE}/keys/ring/create-key-ring.test.ts`;
const FILES = `${CORE}/deliver/file-replacement.test.ts`;
const SIMULATED =
  "whatever happens to processes, servers and files under the seeds from %i on, no promise is broken";

export const DEFECTS: readonly Defect[] = [
  {
    name: "loses the first write of a commit",
    file: `${CORE}/journal/group-commit.ts`,
    search: "for (const write of group.writes) write();",
    replace: "for (const write of group.writes.slice(1)) write();",
    tests: [JOURNAL],
    caughtBy: "a call is open from its send until its result",
  },
  {
    name: "does not sync the journal's log",
    file: `${CORE}/journal/create-database.ts`,
    search: "PRAGMA synchronous = FULL",
    replace: "PRAGMA synchronous = OFF",
    tests: [CRASHES],
    caughtBy: "%s ends in a StorageError, and nothing durable is lost",
  },
  {
    name: "calls a record durable before it is written",
    file: `${CORE}/journal/group-commit.ts`,
    search: "return this.#group.durable.promise;",
    replace: "return Promise.resolve();",
    tests: [SIMULATION],
    caughtBy: SIMULATED,
  },
  {
    name: "goes on writing after a commit failed",
    file: `${CORE}/journal/group-commit.ts`,
    search: "if (this.#ending) throw this.#ending;\n      this.#begin.run();",
    replace: "this.#begin.run();",
    tests: [`${CORE}/journal/group-commit.test.ts`, CRASHES],
    caughtBy:
      "a full disk fails all that waits and all that comes, with one error that says what to do",
  },
  {
    name: "sends before the send is on record",
    file: `${CORE}/execute/call/call-sender.ts`,
    search: "await journal.recordSend(",
    replace: "void journal.recordSend(",
    tests: [SIMULATION],
    caughtBy: SIMULATED,
  },
  {
    name: "goes on before a result is on record",
    file: `${CORE}/execute/step-runner.ts`,
    search: "await this.#journal.recordResult(id, result);",
    replace: "void this.#journal.recordResult(id, result);",
    tests: [SIMULATION],
    caughtBy: SIMULATED,
  },
  {
    name: "gives a place to the next before its work has ended",
    file: `${CORE}/execute/places.ts`,
    search: "await work();",
    replace: "void work();",
    tests: [EXECUTE],
    caughtBy: "every row is asked about once, at most as many at a time as allowed",
  },
  {
    name: "gives a row the replies of another that stood in its place",
    file: `${CORE}/results/row-work.ts`,
    search: 'return content === "" || content === row.content;',
    replace: "return content !== row.content || row.ordinal >= 0;",
    tests: [SIMULATION],
    caughtBy: SIMULATED,
  },
  {
    name: "counts what another row had in a place as this one's",
    file: `${CORE}/journal/call-table.ts`,
    search: '"ifnull(content, excluded.content) IS excluded.content"',
    replace: '"1"',
    tests: [JOURNAL],
    caughtBy: "another row in the place of one begins anew, and what was paid stays counted",
  },
  {
    name: "believes a record whose checksum is another",
    file: `${CORE}/journal/call-columns.ts`,
    search: "(pointer === null || sumUpResult(place, result) === columns.at(-1))",
    replace: "(pointer === null || result.length > 0)",
    tests: [DAMAGE],
    caughtBy: "a bit that flips in a finished journal never changes an output in silence",
  },
  {
    name: "opens a journal without a look at its file",
    file: `${CORE}/journal/mend-journal.ts`,
    search: 'return result?.["integrity_check"] === "ok";',
    replace: "return result !== undefined;",
    tests: [DAMAGE],
    caughtBy: "of a journal whose pages are spoilt all that can be read is kept",
  },
  {
    name: "takes the result of another request",
    file: `${CORE}/execute/step-runner.ts`,
    search: "return request === undefined ? key !== undefined : request === asked;",
    replace: "return request === asked || key !== undefined;",
    tests: [STAGES],
    caughtBy: "what failed is tried again with all that stands on it, and nothing else",
  },
  {
    name: "loses the first row of the next page",
    file: `${CORE}/journal/call-table.ts`,
    search: "from: Number(subject),",
    replace: "from: Number(subject) + 1,",
    tests: [JOURNAL],
    caughtBy: "a read may be left half-way, and goes on past what is recorded meanwhile",
  },
  {
    name: "leaves out the first row of a range",
    file: `${CORE}/journal/call-table.ts`,
    search: "subject >= ? AND subject < ?",
    replace: "subject > ? AND subject < ?",
    tests: [JOURNAL],
    caughtBy: "a refused send is answered, and still an attempt",
  },
  {
    name: "writes a row twice",
    file: `${CORE}/deliver/write-outputs.ts`,
    search: "for (const writer of rowTables) {",
    replace: "for (const writer of row.ordinal === 3 ? [...rowTables, ...rowTables] : rowTables) {",
    tests: [SIMULATION],
    caughtBy: SIMULATED,
  },
  {
    name: "overlooks that the disk took less than it was given",
    file: `${CORE}/deliver/file-replacement.ts`,
    search: "this.#handle.appendFile(text)",
    replace: "this.#handle.write(text).then(() => {})",
    tests: [FILES],
    caughtBy: "a last write of which the disk takes a part only is no success",
  },
  {
    name: "writes into the old output instead of putting a whole one in its place",
    file: `${CORE}/deliver/file-replacement.ts`,
    search: "await rename(temporary, realFile);",
    replace:
      'await (await import("node:fs/promises")).copyFile(temporary, realFile); await rm(temporary);',
    tests: [FILES],
    caughtBy: "who has the old file open reads it to its end, whole",
  },
  {
    name: "writes through a link that was put in the way of an output",
    file: `${CORE}/deliver/output-place.ts`,
    search: "if (now !== folder) throw",
    replace: "if (now === undefined) throw",
    tests: [FILES],
    caughtBy: "a folder that has become a link since it was looked at is not written into",
  },
  {
    name: "takes no look at the disk for outputs before it pays",
    file: `${CORE}/finish-run.ts`,
    search: "await tryOutputs(places);",
    replace: "",
    tests: ["packages/core/test/outputs.test.ts"],
    caughtBy: "folders that are missing are made before anything is sent",
  },
  {
    name: "prints a command of the runner as it came",
    file: "apps/action/src/inert-text.ts",
    search: '.replaceAll("##[", "##\\\\u{5b}")',
    replace: "",
    tests: ["apps/action/src/inert-text.test.ts"],
    caughtBy: "the runner reads no command in an inert line, whatever it was made of",
  },
  {
    name: "does not redact what a server says",
    file: `${CORE}/provider/failure/describe-failure.ts`,
    search: "message: tidyMessage(message, redact),",
    replace: "message,",
    tests: [`${CORE}/provider/openai-provider.test.ts`],
    caughtBy: "takes what the server echoes of the key out of the message, and cuts it",
  },
  {
    name: "counts a throttle as a fault of the call",
    file: `${CORE}/execute/call/next-move.ts`,
    search: "afterMs: 0, countsAsFault: false",
    replace: "afterMs: 0, countsAsFault: true",
    tests: [EXECUTE],
    caughtBy: "throttles before a passing fault do not use up what a call may have of those",
  },
  {
    name: "sends a wrong request again",
    file: `${CORE}/execute/call/next-move.ts`,
    search: 'case "caller-fault":\n      return { kind: "give-up" };',
    replace: 'case "caller-fault":',
    tests: [EXECUTE],
    caughtBy: "a request that is wrong is sent once",
  },
  {
    name: "does not end a lease",
    file: `${CORE}/execute/call/call-sender.ts`,
    search: "lease.settle(leaseOutcome);",
    replace: "",
    tests: [EXECUTE],
    caughtBy: "every row is asked about once, at most as many at a time as allowed",
  },
  {
    name: "takes every call to have cost nothing",
    file: `${CORE}/execute/call/call-sender.ts`,
    search: "budget.settle(reservation, spending ?? unknown);",
    replace: "budget.settle(reservation, NOTHING_SPENT);",
    tests: [EXECUTE],
    caughtBy: "a budget is never overshot, and the run says that it is used up",
  },
  {
    name: "reserves no more for calls in flight when their step turns out dearer",
    file: `${CORE}/execute/call/budget.ts`,
    search:
      "      this.#reservedUsd += costUsd - reservation.usd;\n      reservation.usd = costUsd;",
    replace: "",
    tests: [EXECUTE],
    caughtBy:
      "a server that charges twenty times what was reserved gets no call after that is known, of 128",
  },
  {
    name: "forgets what earlier processes may have spent",
    file: `${CORE}/build-parts.ts`,
    search: "possibleUsd: before.unknownCostUsd",
    replace: "possibleUsd: 0",
    tests: ["packages/core/test/budget.test.ts"],
    caughtBy: "calls that were never answered count against the budget, also of the next process",
  },
  {
    name: "takes a refused call for one that may have been processed",
    file: `${CORE}/execute/call/call-sender.ts`,
    search: "if (isRefused) journal.recordRefusal(call.id);",
    replace: "",
    tests: [EXECUTE],
    caughtBy: "with all keys gone the run stops, no row is failed for it, and it can be continued",
  },
  {
    name: "counts the faults of a call anew in each process",
    file: `${CORE}/execute/call/call-sender.ts`,
    search: "if (call.unanswered >= maxFaults) {",
    replace: "if (call.unanswered < 0) {",
    tests: [EXECUTE],
    caughtBy: "a call that was left unanswered too often is set aside instead of sent again",
  },
  {
    name: "sends again what the user did not want sent again",
    file: `${CORE}/execute/step-runner.ts`,
    search: 'unanswered > 0 && this.#onUncertain === "skip"',
    replace: 'unanswered > 1 && this.#onUncertain === "skip"',
    tests: [EXECUTE],
    caughtBy: "calls that were left open are not sent again when the user asked for that",
  },
  {
    name: "goes on waiting for calls in flight after the grace of an interruption",
    file: `${CORE}/execute/call/call-sender.ts`,
    search: "        signal: control.aborting,\n",
    replace: "",
    tests: [EXECUTE],
    caughtBy: "calls that nobody answers are cut off when the grace of an interruption is over",
  },
  {
    name: "returns sooner than the server asked for",
    file: `${CORE}/keys/limits/holds.ts`,
    search: "if (holdsOnEnd === 0) return named;",
    replace: "if (holdsOnEnd === 0) return FIRST_HOLD_MS;",
    tests: [RING],
    caughtBy: "a throttled group is left alone for as long as it said, then tried with one call",
  },
  {
    name: "uses a key after its revocation",
    file: `${CORE}/keys/ring/key-state.ts`,
    search: 'this.#health = "revoked";',
    replace: "",
    tests: [RING, EXECUTE],
    caughtBy: "no call goes to a key after its rejection was read, and its calls move on",
  },
  {
    name: "begins a group before its last row has ended",
    file: `${CORE}/execute/group-collector.ts`,
    search: "group.counts.total === this.#sizes?.get(group.key)",
    replace: "group.counts.total === Math.max(1, (this.#sizes?.get(group.key) ?? 0) - 1)",
    tests: [STAGES],
    caughtBy: "a group sees its rows in input order, with what came of each",
  },
  {
    name: "shows a group rows that failed",
    file: `${CORE}/execute/group-collector.ts`,
    search: 'if (row.status !== "failed" && row.status !== "uncertain") this.#setAside',
    replace: "this.#setAside",
    tests: [STAGES],
    caughtBy: "rows that failed are left out of a group, or fail its step, as the step says",
  },
  {
    name: "does not see that the rows changed",
    file: `${CORE}/rows/file/file-rows.ts`,
    search: "if (pass.digest() !== scan.fingerprint) throw this.#describeChange();",
    replace: "",
    tests: [`${CORE}/rows/csv/csv-reader.test.ts`],
    caughtBy: "an input with %s than were scanned is refused, whatever its time says",
  },
  {
    name: "continues a run with another input",
    file: `${CORE}/journal/run-header.ts`,
    search: "if (differences.length === 0) return;",
    replace: "if (differences.length >= 0) return;",
    tests: [OPENING],
    caughtBy: "a changed pipeline or input is refused, naming each difference and the way out",
  },
  {
    name: "lets two processes run one journal",
    file: `${CORE}/journal/run-lock.ts`,
    search: "journal_mode = MEMORY; BEGIN IMMEDIATE",
    replace: "journal_mode = MEMORY",
    tests: [OPENING],
    caughtBy: "a run that is open is not opened twice, and the message says who has it",
  },
  {
    name: "calls a row done of which a step is uncertain",
    file: `${CORE}/vocabulary/journal.ts`,
    search: '["failed", "uncertain", "done", "skipped"]',
    replace: '["failed", "done", "uncertain", "skipped"]',
    tests: [`${CORE}/vocabulary/journal.test.ts`],
    caughtBy:
      "a subject is failed before it is uncertain, uncertain before it is done, and skipped only as a whole",
  },
  {
    name: "asks again for what is done when failures are to be tried again",
    file: `${CORE}/journal/call-table.ts`,
    search: "WHERE status <> 'done') AND",
    replace: "WHERE status <> '') AND",
    tests: [JOURNAL],
    caughtBy: "forgotten failures are tried again, with their attempts and cost still counted",
  },
  {
    name: "takes a reply that does not fit its schema",
    file: `${CORE}/execute/call/output-fault.ts`,
    search: "if (complaints.length === 0) return undefined;",
    replace: "if (complaints.length >= 0) return undefined;",
    tests: [EXECUTE],
    caughtBy: "a reply that does not fit its schema is kept, with what it cost",
  },
];
