import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { VirtualClock } from "../clock/virtual-clock.ts";
import type { CallId, CallResult, CallSelection, Journal } from "../vocabulary/journal.ts";
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
  const durable = journal.recordSend(id, { key: "support-a", worstCaseUsd: 0 });
  expect(await Array.fromAsync(journal.readCalls({ per: "run" }))).toMatchObject([
    { id, attempts: 1 },
  ]);
  await durable;
  await journal.close();
});

type Operation =
  | { readonly kind: "send" | "refuse" | "take-back"; readonly id: CallId }
  | { readonly kind: "end"; readonly id: CallId; readonly result: CallResult }
  | { readonly kind: "forget" | "reopen" };

const callId: fc.Arbitrary<CallId> = fc.record({
  step: fc.constantFrom("classify", "reply"),
  subject: fc.oneof(
    fc.record({
      per: fc.constant("row" as const),
      ordinal: fc.nat({ max: 3 }),
      content: fc.constantFrom("a", "b"),
    }),
    fc.record({
      per: fc.constant("group" as const),
      by: fc.constantFrom("x", "y"),
      key: fc.string({ maxLength: 1 }),
    }),
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
      cacheWriteTokens: fc.option(fc.nat(), { nil: undefined }),
      outputTokens: fc.nat(),
    }),
    costUsd: fc.nat().map((sixteenths) => sixteenths / 16),
    latencyMs: fc.double({ min: 0, noNaN: true }),
    key: fc.constantFrom("support-a", "support-b"),
    request: fc.constantFrom("r", "s"),
  },
  { requiredKeys: ["status"] },
);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("send" as const, "refuse" as const, "take-back" as const),
    id: callId,
  }),
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
          await apply(model, each);
          await apply(journal, each);
        }
        expect(await readAll(journal)).toEqual(await readAll(model));
      }
      await journal.close();
    }),
    { numRuns: 40 },
  );
});

async function apply(journal: Journal, each: Operation): Promise<void> {
  if (each.kind === "send")
    void journal.recordSend(each.id, { key: "support-a", worstCaseUsd: 0.5 });
  if (each.kind === "refuse") journal.recordRefusal(each.id);
  if (each.kind === "take-back") journal.takeBackSend(each.id);
  if (each.kind === "end") void journal.recordResult(each.id, each.result);
  if (each.kind === "forget") await journal.forgetFailures();
}

async function readAll(journal: Journal) {
  const read = (selection: CallSelection) => Array.fromAsync(journal.readCalls(selection));
  return {
    rows: await read({ per: "row", to: 2 }),
    moreRows: await read({ per: "row", from: 2 }),
    group: await read({ per: "group", by: "x", key: "" }),
    run: await read({ per: "run" }),
    totals: [
      await journal.readTotals(["classify"]),
      await journal.readTotals(["classify", "reply"]),
    ],
  };
}
