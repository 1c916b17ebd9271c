import { expect, test } from "vitest";
import type {
  CallId,
  CallRecord,
  CallResult,
  CallSelection,
  Journal,
  JournalReader,
} from "../src/vocabulary/journal.ts";

const onRow = (ordinal: number, step = "classify", content = `row ${ordinal}`): CallId => ({
  step,
  subject: { per: "row", ordinal, content },
});
const KETTLES = { per: "group", by: "{{ row.product }}", key: "kettle" } as const;
const onGroup = (key: string, step = "summary"): CallId => ({
  step,
  subject: { per: "group", by: "{{ row.product }}", key },
});
const onRun: CallId = { step: "digest", subject: { per: "run" } };

const DONE: CallResult = {
  status: "done",
  text: '{"urgency":"high"}',
  finishReason: "stop",
  usage: { inputTokens: 10, cachedInputTokens: 4, cacheWriteTokens: 2, outputTokens: 5 },
  costUsd: 0.25,
  latencyMs: 12.5,
  key: "support-a",
  request: "a hash",
};
const FAILED: CallResult = {
  status: "failed",
  text: "not JSON",
  error: { code: "output-invalid", message: "the reply is not JSON" },
  usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 5 },
  costUsd: 0.5,
  key: "support-b",
};
const SEND = { key: "support-a", worstCaseUsd: 0 };
const SKIPPED: CallResult = { status: "skipped", reason: "needs classify, which is failed" };

async function read(journal: JournalReader, selection: CallSelection): Promise<CallRecord[]> {
  return Array.fromAsync(journal.readCalls(selection));
}

function readRows(journal: JournalReader, from: number, to: number): Promise<CallRecord[]> {
  return read(journal, { per: "row", from, to });
}

/** What every journal must do, whatever is behind it. */
export function testJournal(openEmpty: () => Promise<Journal>): void {
  test("an empty journal knows of no call", async () => {
    const journal = await openEmpty();
    expect(await readRows(journal, 0, 100)).toEqual([]);
    expect(await read(journal, { per: "run" })).toEqual([]);
    expect(await journal.readTotals(["classify"])).toMatchObject({ attempts: 0, openCalls: 0 });
    await journal.close();
  });

  test("a call is open from its send until its result", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(3), SEND);
    expect(await readRows(journal, 0, 9)).toMatchObject([{ attempts: 1, unanswered: 1 }]);
    expect(await journal.readTotals(["classify"])).toMatchObject({ openCalls: 1 });

    await journal.recordResult(onRow(3), DONE);
    expect(await readRows(journal, 0, 9)).toMatchObject([{ id: onRow(3), attempts: 1 }]);
    expect((await readRows(journal, 0, 9))[0]?.result).toMatchObject(DONE);
    expect(await journal.readTotals(["classify"])).toMatchObject({ openCalls: 0, attempts: 1 });
    await journal.close();
  });

  test("a refused send is answered, and still an attempt", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(0), SEND);
    journal.recordRefusal(onRow(0));
    await journal.recordSend(onRow(0), SEND);
    journal.recordRefusal(onRow(0));
    expect(await readRows(journal, 0, 1)).toMatchObject([{ attempts: 2, unanswered: 0 }]);
    await journal.close();
  });

  test("a refusal takes back one send, and nothing where none was recorded", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(0), SEND);
    await journal.recordSend(onRow(0), SEND);
    journal.recordRefusal(onRow(0));
    journal.recordRefusal(onRow(1));
    expect(await readRows(journal, 0, 9)).toMatchObject([{ id: onRow(0), unanswered: 1 }]);
    await journal.close();
  });

  test("a send that was not made after all is no attempt, and costs nothing", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(0), SEND);
    journal.recordRefusal(onRow(0));
    await journal.recordSend(onRow(0), SEND);
    journal.takeBackSend(onRow(0));
    journal.takeBackSend(onRow(1));
    expect(await readRows(journal, 0, 9)).toMatchObject([{ attempts: 1, unanswered: 0 }]);
    expect(await journal.readTotals(["classify"])).toMatchObject({
      attempts: 1,
      openCalls: 0,
      unknownCostUsd: 0,
    });
    await journal.close();
  });

  test("a send may have cost all it can, until it is refused or answered with its cost", async () => {
    const journal = await openEmpty();
    for (const worstCaseUsd of [1, 2, 4, 8]) {
      await journal.recordSend(onRow(0), { key: "support-a", worstCaseUsd });
      if (worstCaseUsd === 2) journal.recordRefusal(onRow(0));
    }
    expect(await journal.readTotals(["classify"])).toMatchObject({
      unknownCostUsd: 13,
      costUsd: 0,
    });
    await journal.recordResult(onRow(0), DONE);
    expect(await journal.readTotals(["classify"])).toMatchObject({
      unknownCostUsd: 5,
      costUsd: 0.25,
    });

    await journal.recordSend(onRow(1), { key: "support-a", worstCaseUsd: 16 });
    await journal.recordResult(onRow(1), { ...FAILED, costUsd: undefined, usage: undefined });
    expect(await journal.readTotals(["classify"])).toMatchObject({ unknownCostUsd: 21 });
    await journal.close();
  });

  test("a reply that was paid for is kept when it fails", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(0), SEND);
    await journal.recordResult(onRow(0), FAILED);
    expect((await readRows(journal, 0, 1))[0]?.result).toMatchObject(FAILED);
    await journal.close();
  });

  test("rows are read by range, in their order, apart from the run", async () => {
    const journal = await openEmpty();
    for (const ordinal of [7, 2, 5]) await journal.recordResult(onRow(ordinal), DONE);
    await journal.recordResult(onRun, DONE);
    const ordinals = (await readRows(journal, 2, 7)).map(({ id }) =>
      id.subject.per === "row" ? id.subject.ordinal : "run",
    );
    expect(ordinals).toEqual([2, 5]);
    expect(await read(journal, { per: "run" })).toMatchObject([{ id: onRun }]);
    await journal.close();
  });

  test("the calls of a row come in the order in which they were first recorded", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(0, "classify"), SEND);
    await journal.recordSend(onRow(1, "reply"), SEND);
    await journal.recordSend(onRow(1, "classify"), SEND);
    await journal.recordResult(onRow(1, "reply"), DONE);
    const steps = (await readRows(journal, 0, 2)).map(({ id }) => id.step);
    expect(steps).toEqual(["classify", "reply", "classify"]);
    await journal.close();
  });

  test("any text comes back as it was", async () => {
    const journal = await openEmpty();
    const texts = ["", "a\0b", 'it\'s "quoted" \u2028 😀', "x".repeat(100_000)];
    for (const [ordinal, text] of texts.entries()) {
      await journal.recordResult(onRow(ordinal), { status: "done", text });
    }
    expect((await readRows(journal, 0, 9)).map(({ result }) => result?.text)).toEqual(texts);
    await journal.close();
  });

  test("a row counts when all its steps have ended, and as its worst step", async () => {
    const journal = await openEmpty();
    await journal.recordResult(onRow(0), DONE);
    await journal.recordResult(onRow(0, "reply"), DONE);
    await journal.recordResult(onRow(1), FAILED);
    await journal.recordResult(onRow(1, "reply"), SKIPPED);
    await journal.recordResult(onRow(2), SKIPPED);
    await journal.recordResult(onRow(2, "reply"), SKIPPED);
    await journal.recordResult(onRow(3), { status: "uncertain" });
    await journal.recordResult(onRow(3, "reply"), SKIPPED);
    await journal.recordResult(onRow(4), DONE);
    expect(await journal.readTotals(["classify", "reply"])).toMatchObject({
      rows: { done: 1, failed: 1, skipped: 1, uncertain: 1 },
      usage: { inputTokens: 40, cachedInputTokens: 12, outputTokens: 20 },
      costUsd: 1.25,
      unpricedCalls: 0,
    });
    await journal.close();
  });

  test("a paid call without a known price is counted as such", async () => {
    const journal = await openEmpty();
    await journal.recordResult(onRow(0), { ...DONE, costUsd: undefined });
    expect(await journal.readTotals(["classify"])).toMatchObject({ unpricedCalls: 1, costUsd: 0 });
    await journal.close();
  });

  test("forgotten failures are tried again, with their attempts and cost still counted", async () => {
    const journal = await openEmpty();
    await journal.recordResult(onRow(0), DONE);
    await journal.recordSend(onRow(1), SEND);
    await journal.recordResult(onRow(1), FAILED);
    await journal.recordResult(onRow(1, "reply"), SKIPPED);
    await journal.recordResult(onRun, FAILED);
    await journal.recordResult(onGroup("kettle"), DONE);
    await journal.forgetFailures();
    expect((await readRows(journal, 0, 1))[0]?.result?.status).toBe("done");
    expect((await readRows(journal, 1, 2)).map(({ result }) => result)).toEqual([
      undefined,
      undefined,
    ]);
    expect((await readRows(journal, 1, 2))[0]).toMatchObject({ attempts: 1, unanswered: 0 });
    expect((await read(journal, { per: "run" }))[0]?.result).toBeUndefined();
    // It looked at the rows: whether it still counts shows in the request that it answers.
    expect((await read(journal, KETTLES))[0]?.result).toEqual(DONE);

    await journal.recordResult(onRow(1), DONE);
    expect((await readRows(journal, 1, 2))[0]?.result).toEqual(DONE);
    expect(await journal.readTotals(["classify"])).toMatchObject({
      usage: { inputTokens: 50, cachedInputTokens: 12, outputTokens: 25 },
      costUsd: 0.25 + 0.5 + 0.5 + 0.25 + 0.25,
    });
    await journal.close();
  });

  test("groups are told apart by what makes them and by their key", async () => {
    const journal = await openEmpty();
    const elsewhere: CallId = {
      step: "summary",
      subject: { per: "group", by: "{{ row.language }}", key: "kettle" },
    };
    for (const id of [onGroup("kettle"), onGroup('a "key"\n\0'), elsewhere, onRow(0)]) {
      await journal.recordSend(id, SEND);
      await journal.recordResult(id, { ...DONE, text: JSON.stringify(id) });
    }
    for (const { step, subject } of [onGroup("kettle"), onGroup('a "key"\n\0'), elsewhere]) {
      if (subject.per !== "group") continue;
      expect(await read(journal, subject)).toMatchObject([
        { id: { step, subject }, result: { text: JSON.stringify({ step, subject }) } },
      ]);
    }
    expect(await read(journal, { per: "group", by: "{{ row.product }}", key: "lamp" })).toEqual([]);
    await journal.close();
  });

  test("another row in the place of one begins anew, and what was paid stays counted", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(0), { key: "support-a", worstCaseUsd: 2 });
    await journal.recordSend(onRow(0), { key: "support-a", worstCaseUsd: 4 });
    await journal.recordResult(onRow(0), DONE);
    const other = onRow(0, "classify", "another row");
    await journal.recordSend(other, { key: "support-a", worstCaseUsd: 8 });
    expect(await readRows(journal, 0, 1)).toMatchObject([
      { id: other, attempts: 1, unanswered: 1, result: undefined },
    ]);
    await journal.recordResult(other, FAILED);
    expect(await readRows(journal, 0, 1)).toMatchObject([{ id: other, result: FAILED }]);
    const totals = await journal.readTotals(["classify"]);
    expect(totals).toMatchObject({
      costUsd: 0.75,
      unknownCostUsd: 2,
      rows: { failed: 1, done: 0 },
    });
    await journal.close();
  });

  test("a result of another row leaves open what a send of the one before it may have cost", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(0), { key: "support-a", worstCaseUsd: 2 });
    await journal.recordResult(onRow(0, "classify", "another row"), DONE);
    expect(await journal.readTotals(["classify"])).toMatchObject({ unknownCostUsd: 2 });
    await journal.close();
  });

  test("a read may be left half-way, and goes on past what is recorded meanwhile", async () => {
    const journal = await openEmpty();
    for (let ordinal = 0; ordinal < 5000; ordinal += 1)
      void journal.recordResult(onRow(ordinal), DONE);
    for await (const { id } of journal.readCalls({ per: "row" })) {
      if (id.subject.per === "row" && id.subject.ordinal === 3) break;
    }
    const seen: number[] = [];
    for await (const { id } of journal.readCalls({ per: "row" })) {
      if (id.subject.per !== "row") continue;
      seen.push(id.subject.ordinal);
      await journal.recordResult(id, FAILED);
    }
    expect(seen).toEqual(Array.from({ length: 5000 }, (_, ordinal) => ordinal));
    await journal.close();
  });

  test("results of steps that are no more do not make a row complete", async () => {
    const journal = await openEmpty();
    await journal.recordResult(onRow(0, "classify"), DONE);
    await journal.recordResult(onRow(0, "gone"), FAILED);
    expect((await journal.readTotals(["classify"])).rows).toMatchObject({ done: 1, failed: 0 });
    expect((await journal.readTotals(["classify", "reply"])).rows).toMatchObject({ done: 0 });
    await journal.close();
  });

  test("closing twice does no harm", async () => {
    const journal = await openEmpty();
    await journal.close();
    await expect(journal.close()).resolves.toBeUndefined();
  });
}
