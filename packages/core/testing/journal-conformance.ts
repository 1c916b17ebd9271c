import { expect, test } from "vitest";
import type { CallId, CallResult, Journal } from "../src/vocabulary/journal.ts";

const onRow = (ordinal: number, step = "classify"): CallId => ({
  step,
  subject: { per: "row", ordinal },
});
const onRun: CallId = { step: "digest", subject: { per: "run" } };

const DONE: CallResult = {
  status: "done",
  text: '{"urgency":"high"}',
  finishReason: "stop",
  usage: { inputTokens: 10, cachedInputTokens: 4, outputTokens: 5 },
  costUsd: 0.25,
  latencyMs: 12.5,
  key: "support-a",
};
const FAILED: CallResult = {
  status: "failed",
  text: "not JSON",
  error: { code: "output-invalid", message: "the reply is not JSON" },
  usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 5 },
  costUsd: 0.5,
  key: "support-b",
};
const SKIPPED: CallResult = { status: "skipped", reason: "needs classify, which is failed" };

/** What every journal must do, whatever is behind it. */
export function testJournal(openEmpty: () => Promise<Journal>): void {
  test("an empty journal knows of no call", async () => {
    const journal = await openEmpty();
    expect(journal.readRowCalls(0, 100)).toEqual([]);
    expect(journal.readRunCalls()).toEqual([]);
    expect(journal.readTotals(1)).toMatchObject({ rowsReached: 0, attempts: 0, openCalls: 0 });
    await journal.close();
  });

  test("a call is open from its send until its result", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(3), "support-a");
    expect(journal.readRowCalls(0, 9)).toMatchObject([{ attempts: 1, unanswered: 1 }]);
    expect(journal.readTotals(1)).toMatchObject({ rowsReached: 4, openCalls: 1 });

    await journal.recordResult(onRow(3), DONE);
    expect(journal.readRowCalls(0, 9)).toMatchObject([{ id: onRow(3), attempts: 1 }]);
    expect(journal.readRowCalls(0, 9)[0]?.result).toMatchObject(DONE);
    expect(journal.readTotals(1)).toMatchObject({ openCalls: 0, attempts: 1 });
    await journal.close();
  });

  test("a refused send is answered, and still an attempt", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(0), "support-a");
    journal.recordRefusal(onRow(0));
    await journal.recordSend(onRow(0), "support-b");
    journal.recordRefusal(onRow(0));
    expect(journal.readRowCalls(0, 1)).toMatchObject([{ attempts: 2, unanswered: 0 }]);
    await journal.close();
  });

  test("a refusal takes back one send, and nothing where none was recorded", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(0), "support-a");
    await journal.recordSend(onRow(0), "support-a");
    journal.recordRefusal(onRow(0));
    journal.recordRefusal(onRow(1));
    expect(journal.readRowCalls(0, 9)).toMatchObject([{ id: onRow(0), unanswered: 1 }]);
    await journal.close();
  });

  test("a send may have cost all it can, until it is refused or answered with its cost", async () => {
    const journal = await openEmpty();
    for (const worstCaseUsd of [1, 2, 4, 8]) {
      await journal.recordSend(onRow(0), "support-a", worstCaseUsd);
      if (worstCaseUsd === 2) journal.recordRefusal(onRow(0));
    }
    expect(journal.readTotals(1)).toMatchObject({ unknownCostUsd: 13, costUsd: 0 });
    await journal.recordResult(onRow(0), DONE);
    expect(journal.readTotals(1)).toMatchObject({ unknownCostUsd: 5, costUsd: 0.25 });

    await journal.recordSend(onRow(1), "support-a", 16);
    await journal.recordResult(onRow(1), { ...FAILED, costUsd: undefined, usage: undefined });
    expect(journal.readTotals(1)).toMatchObject({ unknownCostUsd: 21 });
    await journal.close();
  });

  test("a reply that was paid for is kept when it fails", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(0), "support-b");
    await journal.recordResult(onRow(0), FAILED);
    expect(journal.readRowCalls(0, 1)[0]?.result).toMatchObject(FAILED);
    await journal.close();
  });

  test("rows are read by range, in their order, apart from the run", async () => {
    const journal = await openEmpty();
    for (const ordinal of [7, 2, 5]) await journal.recordResult(onRow(ordinal), DONE);
    await journal.recordResult(onRun, DONE);
    const ordinals = journal
      .readRowCalls(2, 7)
      .map(({ id }) => (id.subject.per === "row" ? id.subject.ordinal : "run"));
    expect(ordinals).toEqual([2, 5]);
    expect(journal.readRunCalls()).toMatchObject([{ id: onRun }]);
    await journal.close();
  });

  test("the calls of a row come in the order in which they were first recorded", async () => {
    const journal = await openEmpty();
    await journal.recordSend(onRow(0, "classify"), "support-a");
    await journal.recordSend(onRow(1, "reply"), "support-a");
    await journal.recordSend(onRow(1, "classify"), "support-a");
    await journal.recordResult(onRow(1, "reply"), DONE);
    const steps = journal.readRowCalls(0, 2).map(({ id }) => id.step);
    expect(steps).toEqual(["classify", "reply", "classify"]);
    await journal.close();
  });

  test("any text comes back as it was", async () => {
    const journal = await openEmpty();
    const texts = ["", "a\0b", 'it\'s "quoted" \u2028 😀', "x".repeat(100_000)];
    for (const [ordinal, text] of texts.entries()) {
      await journal.recordResult(onRow(ordinal), { status: "done", text });
    }
    expect(journal.readRowCalls(0, 9).map(({ result }) => result?.text)).toEqual(texts);
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
    expect(journal.readTotals(2)).toMatchObject({
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
    expect(journal.readTotals(1)).toMatchObject({ unpricedCalls: 1, costUsd: 0 });
    await journal.close();
  });

  test("forgotten failures are tried again, with their attempts and cost still counted", async () => {
    const journal = await openEmpty();
    await journal.recordResult(onRow(0), DONE);
    await journal.recordSend(onRow(1), "support-b");
    await journal.recordResult(onRow(1), FAILED);
    await journal.recordResult(onRow(1, "reply"), SKIPPED);
    await journal.recordResult(onRun, DONE);
    journal.forgetFailures();
    expect(journal.readRowCalls(0, 1)[0]?.result?.status).toBe("done");
    expect(journal.readRowCalls(1, 2).map(({ result }) => result)).toEqual([undefined, undefined]);
    expect(journal.readRowCalls(1, 2)[0]).toMatchObject({ attempts: 1, unanswered: 0 });
    expect(journal.readRunCalls()[0]?.result).toBeUndefined();

    await journal.recordResult(onRow(1), DONE);
    expect(journal.readRowCalls(1, 2)[0]?.result).toEqual(DONE);
    expect(journal.readTotals(1)).toMatchObject({
      usage: { inputTokens: 40, cachedInputTokens: 12, outputTokens: 20 },
      costUsd: 0.25 + 0.5 + 0.25 + 0.25,
    });
    await journal.close();
  });

  test("closing twice does no harm", async () => {
    const journal = await openEmpty();
    await journal.close();
    await expect(journal.close()).resolves.toBeUndefined();
  });
}
