import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { VirtualClock } from "../clock/virtual-clock.ts";
import type { CallId, CallResult, Journal } from "../vocabulary/journal.ts";
import { testJournal } from "../../testing/journal-conformance.ts";
import { MemoryJournal } from "../../testing/memory-journal.ts";
import { openJournal } from "./open-journal.ts";

const root = mkdtempSync(join(tmpdir(), "rota-journal-"));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
const newFolder = () => join(root, String(folders++));
const open = (directory: string): Journal =>
  openJournal({
    directory,
    fingerprints: {},
    fresh: false,
    clock: new VirtualClock(),
    random: () => 0.5,
  }).journal;

testJournal(async () => open(newFolder()));

test("reads see what was recorded before them, durable or not yet", async () => {
  const journal = open(newFolder());
  const id: CallId = { step: "digest", subject: { per: "run" } };
  const durable = journal.recordSend(id, "support-a");
  expect(journal.readRunCalls()).toMatchObject([{ id, attempts: 1 }]);
  await durable;
  await journal.close();
});

type Operation =
  | { readonly kind: "send" | "refuse"; readonly id: CallId }
  | { readonly kind: "end"; readonly id: CallId; readonly result: CallResult }
  | { readonly kind: "forget" | "reopen" };

const callId: fc.Arbitrary<CallId> = fc.record({
  step: fc.constantFrom("classify", "reply"),
  subject: fc.oneof(
    fc.record({ per: fc.constant("row" as const), ordinal: fc.nat({ max: 3 }) }),
    fc.constant({ per: "run" as const }),
  ),
});

/** Costs are sixteenths, so that sums are exact in whatever order they are made. */
const result: fc.Arbitrary<CallResult> = fc.record(
  {
    status: fc.constantFrom("done", "failed", "skipped", "uncertain"),
    text: fc.string({ unit: "binary" }),
    error: fc.record({ code: fc.constant("timed-out" as const), message: fc.string() }),
    reason: fc.string(),
    finishReason: fc.constantFrom("stop", "length"),
    usage: fc.record({
      inputTokens: fc.nat(),
      cachedInputTokens: fc.nat(),
      outputTokens: fc.nat(),
    }),
    costUsd: fc.nat().map((sixteenths) => sixteenths / 16),
    latencyMs: fc.double({ min: 0, noNaN: true }),
    key: fc.constantFrom("support-a", "support-b"),
  },
  { requiredKeys: ["status"] },
);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constantFrom("send" as const, "refuse" as const), id: callId }),
  fc.record({ kind: fc.constant("end" as const), id: callId, result }),
  fc.record({ kind: fc.constantFrom("forget" as const, "reopen" as const) }),
);

test("whatever is recorded, in whatever order, reads as from memory, reopened or not", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 30 }), async (operations) => {
      const directory = newFolder();
      const model = new MemoryJournal();
      let journal = open(directory);
      for (const each of operations) {
        if (each.kind === "reopen") {
          await journal.close();
          journal = open(directory);
        } else {
          apply(model, each);
          apply(journal, each);
        }
        expect(readAll(journal)).toEqual(readAll(model));
      }
      await journal.close();
    }),
    { numRuns: 40 },
  );
});

function apply(journal: Journal, each: Operation): void {
  if (each.kind === "send") void journal.recordSend(each.id, "support-a", 0.5);
  if (each.kind === "refuse") journal.recordRefusal(each.id);
  if (each.kind === "end") void journal.recordResult(each.id, each.result);
  if (each.kind === "forget") journal.forgetFailures();
}

function readAll(journal: Journal) {
  return {
    rows: journal.readRowCalls(0, 2),
    moreRows: journal.readRowCalls(2, Infinity),
    run: journal.readRunCalls(),
    totals: [1, 2].map((stepsPerRow) => journal.readTotals(stepsPerRow)),
  };
}
