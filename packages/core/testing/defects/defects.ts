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
}

const CORE = "packages/core/src";
const SIMULATION = "packages/core/test/simulation.test.ts";
const EXECUTE = `${CORE}/execute/execute-run.test.ts`;
const STAGES = `${CORE}/execute/stages.test.ts`;
const JOURNAL = `${CORE}/journal/sqlite-journal.test.ts`;
const OPENING = `${CORE}/journal/open-journal.test.ts`;
const CRASHES = `${CORE}/journal/journal-crash.test.ts`;
const RING = `${CORE}/keys/ring/create-key-ring.test.ts`;
const TABLES = `${CORE}/deliver/table/table-writer.test.ts`;

export const DEFECTS: readonly Defect[] = [
  {
    name: "loses the first write of a commit",
    file: `${CORE}/journal/group-commit.ts`,
    search: "for (const write of group.writes) write();",
    replace: "for (const write of group.writes.slice(1)) write();",
    tests: [JOURNAL],
  },
  {
    name: "does not sync the journal's log",
    file: `${CORE}/journal/open-journal.ts`,
    search: "PRAGMA synchronous = FULL",
    replace: "PRAGMA synchronous = OFF",
    tests: [CRASHES],
  },
  {
    name: "calls a record durable before it is written",
    file: `${CORE}/journal/group-commit.ts`,
    search: "return this.#group.durable.promise;",
    replace: "return Promise.resolve();",
    tests: [SIMULATION],
  },
  {
    name: "goes on writing after a commit failed",
    file: `${CORE}/journal/group-commit.ts`,
    search: "if (this.#ending) throw this.#ending;\n      this.#begin.run();",
    replace: "this.#begin.run();",
    tests: [`${CORE}/journal/group-commit.test.ts`, CRASHES],
  },
  {
    name: "sends before the send is on record",
    file: `${CORE}/execute/call/call-sender.ts`,
    search: "await journal.recordSend(",
    replace: "void journal.recordSend(",
    tests: [SIMULATION],
  },
  {
    name: "goes on before a result is on record",
    file: `${CORE}/execute/step-runner.ts`,
    search: "await this.#journal.recordResult(id, result);",
    replace: "void this.#journal.recordResult(id, result);",
    tests: [SIMULATION],
  },
  {
    name: "gives a place to the next before its work has ended",
    file: `${CORE}/execute/places.ts`,
    search: "this.#limit(work)",
    replace: "this.#limit(async () => void work())",
    tests: [EXECUTE],
  },
  {
    name: "gives a row the replies of another that stood in its place",
    file: `${CORE}/results/row-work.ts`,
    search: 'return content === "" || content === row.content;',
    replace: "return content !== row.content || row.ordinal >= 0;",
    tests: [SIMULATION],
  },
  {
    name: "counts what another row had in a place as this one's",
    file: `${CORE}/journal/call-table.ts`,
    search: '"ifnull(content, excluded.content) IS excluded.content"',
    replace: '"1"',
    tests: [JOURNAL],
  },
  {
    name: "takes the result of another request",
    file: `${CORE}/execute/step-runner.ts`,
    search: "return request === undefined ? key !== undefined : request === asked;",
    replace: "return request === asked || key !== undefined;",
    tests: [STAGES],
  },
  {
    name: "loses the first row of the next page",
    file: `${CORE}/journal/call-table.ts`,
    search: "from: Number(subject), to }",
    replace: "from: Number(subject) + 1, to }",
    tests: [JOURNAL],
  },
  {
    name: "leaves out the first row of a range",
    file: `${CORE}/journal/call-table.ts`,
    search: "subject >= ? AND subject < ?",
    replace: "subject > ? AND subject < ?",
    tests: [JOURNAL],
  },
  {
    name: "writes a row twice",
    file: `${CORE}/deliver/write-outputs.ts`,
    search: "for (const writer of rowTables) {",
    replace: "for (const writer of row.ordinal === 3 ? [...rowTables, ...rowTables] : rowTables) {",
    tests: [SIMULATION],
  },
  {
    name: "overlooks that the disk took less than it was given",
    file: `${CORE}/deliver/file-replacement.ts`,
    search: "this.#handle.appendFile(text)",
    replace: "this.#handle.write(text).then(() => {})",
    tests: [TABLES],
  },
  {
    name: "writes into the old output instead of putting a whole one in its place",
    file: `${CORE}/deliver/file-replacement.ts`,
    search: "await rename(this.#temporary, this.#file);",
    replace:
      'await (await import("node:fs/promises")).copyFile(this.#temporary, this.#file); await rm(this.#temporary);',
    tests: [TABLES],
  },
  {
    name: "prints a command of the runner as it came",
    file: "apps/action/src/inert-text.ts",
    search: '.replaceAll("##[", "##\\\\u{5b}")',
    replace: "",
    tests: ["apps/action/src/inert-text.test.ts"],
  },
  {
    name: "does not redact what a server says",
    file: `${CORE}/provider/failure/describe-failure.ts`,
    search: "message: tidyMessage(message, redact),",
    replace: "message,",
    tests: [`${CORE}/provider/openai-provider.test.ts`],
  },
  {
    name: "counts a throttle as a fault of the call",
    file: `${CORE}/execute/call/next-move.ts`,
    search: "afterMs: 0, countsAsFault: false",
    replace: "afterMs: 0, countsAsFault: true",
    tests: [EXECUTE, SIMULATION],
  },
  {
    name: "sends a wrong request again",
    file: `${CORE}/execute/call/next-move.ts`,
    search: 'case "caller-fault":\n      return { kind: "give-up" };',
    replace: 'case "caller-fault":',
    tests: [EXECUTE],
  },
  {
    name: "does not end a lease",
    file: `${CORE}/execute/call/call-sender.ts`,
    search: "lease.settle(leaseOutcome);",
    replace: "",
    tests: [EXECUTE],
  },
  {
    name: "takes every call to have cost nothing",
    file: `${CORE}/execute/call/call-sender.ts`,
    search: "budget.settle(worstCaseUsd, spentUsd);",
    replace: "budget.settle(worstCaseUsd, 0);",
    tests: [EXECUTE],
  },
  {
    name: "forgets what earlier processes may have spent",
    file: `${CORE}/start-run.ts`,
    search: "before.costUsd + before.unknownCostUsd",
    replace: "before.costUsd",
    tests: [SIMULATION],
  },
  {
    name: "takes a refused call for one that may have been processed",
    file: `${CORE}/execute/call/call-sender.ts`,
    search: "if (!failure.mayHaveBeenProcessed) journal.recordRefusal(call.id);",
    replace: "",
    tests: [EXECUTE, SIMULATION],
  },
  {
    name: "counts the faults of a call anew in each process",
    file: `${CORE}/execute/call/call-sender.ts`,
    search: "let faults = call.unanswered;",
    replace: "let faults = 0;",
    tests: [EXECUTE],
  },
  {
    name: "sends again what the user did not want sent again",
    file: `${CORE}/execute/step-runner.ts`,
    search: 'unanswered > 0 && this.#onUncertain === "skip"',
    replace: 'unanswered > 1 && this.#onUncertain === "skip"',
    tests: [EXECUTE],
  },
  {
    name: "goes on waiting for calls in flight after the grace of an interruption",
    file: `${CORE}/execute/call/call-sender.ts`,
    search: "        signal: control.aborting,\n",
    replace: "",
    tests: [EXECUTE],
  },
  {
    name: "returns sooner than the server asked for",
    file: `${CORE}/keys/ring/lane.ts`,
    search: "retryAfterMs > 0 ? retryAfterMs : guessed",
    replace: "retryAfterMs > 0 ? guessed : guessed",
    tests: [RING],
  },
  {
    name: "uses a key after its revocation",
    file: `${CORE}/keys/ring/apply-outcome.ts`,
    search: 'if (outcome.reason === "key-revoked") key.revoke(outcome.message);',
    replace: "",
    tests: [RING, EXECUTE],
  },
  {
    name: "begins a group before its last row has ended",
    file: `${CORE}/execute/group-collector.ts`,
    search: "group.counts.total === this.#sizes?.get(group.key)",
    replace: "group.counts.total === Math.max(1, (this.#sizes?.get(group.key) ?? 0) - 1)",
    tests: [STAGES],
  },
  {
    name: "shows a group rows that failed",
    file: `${CORE}/execute/group-collector.ts`,
    search: 'if (row.status !== "failed" && row.status !== "uncertain") this.#setAside',
    replace: "this.#setAside",
    tests: [STAGES],
  },
  {
    name: "does not see that the rows changed",
    file: `${CORE}/rows/file/file-rows.ts`,
    search: "if (pass.digest() !== scan.fingerprint) throw this.#describeChange();",
    replace: "",
    tests: [`${CORE}/rows/csv/csv-reader.test.ts`],
  },
  {
    name: "continues a run with another input",
    file: `${CORE}/journal/run-header.ts`,
    search: "if (differences.length === 0) return;",
    replace: "if (differences.length >= 0) return;",
    tests: [OPENING],
  },
  {
    name: "lets two processes run one journal",
    file: `${CORE}/journal/run-lock.ts`,
    search: "journal_mode = MEMORY; BEGIN IMMEDIATE",
    replace: "journal_mode = MEMORY",
    tests: [OPENING],
  },
  {
    name: "calls a row done of which a step is uncertain",
    file: `${CORE}/vocabulary/journal.ts`,
    search: '["failed", "uncertain", "done", "skipped"]',
    replace: '["failed", "done", "uncertain", "skipped"]',
    tests: [JOURNAL],
  },
  {
    name: "asks again for what is done when failures are to be tried again",
    file: `${CORE}/journal/call-table.ts`,
    search: "WHERE status <> 'done') AND",
    replace: "WHERE status <> '') AND",
    tests: [JOURNAL],
  },
  {
    name: "takes a reply that does not fit its schema",
    file: `${CORE}/execute/call/output-fault.ts`,
    search: "if (complaints.length === 0) return undefined;",
    replace: "if (complaints.length >= 0) return undefined;",
    tests: [EXECUTE],
  },
];
