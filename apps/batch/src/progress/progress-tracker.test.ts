import { expect, test } from "vitest";
import { describeCost } from "./describe-cost.ts";
import { ProgressTracker } from "./progress-tracker.ts";

const started = {
  kind: "run-started",
  runId: "r",
  rows: 100,
  rowsDone: 0,
  callsOpen: 0,
  simulated: false,
} as const;
const rowDone = {
  kind: "row-ended",
  ordinal: 0,
  line: 2,
  status: "done",
  error: undefined,
} as const;
const rowFailed = {
  ...rowDone,
  status: "failed",
  error: { step: "classify", code: "output-invalid", message: "no JSON" },
} as const;

function trackOn() {
  let nowMs = 0;
  const tracker = new ProgressTracker(() => nowMs);
  const advance = (durationMs: number) => {
    nowMs += durationMs;
    return tracker.read();
  };
  return { tracker, advance };
}

test("the time left follows from the rate of rows", () => {
  const { tracker, advance } = trackOn();
  tracker.handle(started);
  for (let second = 0; second < 5; second++) {
    tracker.handle(rowDone);
    tracker.handle(rowDone);
    advance(1000);
  }
  expect(tracker.read()).toMatchObject({ rowsEnded: 10, rowsPerSecond: 2, timeLeftMs: 45_000 });
});

test("the rate is that of late, not of the whole run", () => {
  const { tracker, advance } = trackOn();
  tracker.handle(started);
  for (let row = 0; row < 50; row++) tracker.handle(rowDone);
  for (let second = 0; second < 40; second++) advance(1000);
  expect(tracker.read()).toMatchObject({ rowsPerSecond: 0, timeLeftMs: undefined });
});

test("no rate is guessed in the first moment", () => {
  const { tracker, advance } = trackOn();
  tracker.handle(started);
  tracker.handle(rowDone);
  expect(advance(500)).toMatchObject({ rowsPerSecond: undefined, timeLeftMs: undefined });
});

test("rows of an earlier process are done, but not this one's speed", () => {
  const { tracker, advance } = trackOn();
  tracker.handle({ ...started, rowsDone: 60 });
  tracker.handle(rowDone);
  expect(advance(1000)).toMatchObject({ rowsEnded: 61, rowsPerSecond: 1, timeLeftMs: 39_000 });
  expect(tracker.rowsEnded).toBe(1);
});

test("the first failed rows are kept, all are counted", () => {
  const { tracker } = trackOn();
  tracker.handle(started);
  for (let line = 2; line < 12; line++) tracker.handle({ ...rowFailed, line });
  expect(tracker.read()).toMatchObject({ rowsFailed: 10, lastFailure: { place: "line 11" } });
  expect(tracker.failures.map(({ place }) => place)).toEqual(
    [2, 3, 4, 5, 6].map((line) => `line ${line}`),
  );
});

test("a group that failed is told by its key", () => {
  const { tracker } = trackOn();
  tracker.handle(started);
  const error = { step: "sum", code: "rows-failed", message: "1 of 2" } as const;
  tracker.handle({
    kind: "group-ended",
    by: "{{ row.a }}",
    key: "kettle",
    status: "failed",
    error,
  });
  expect(tracker.read()).toMatchObject({ rowsFailed: 0, lastFailure: { place: "group kettle" } });
});

test("what calls of unknown cost may have cost is added up, and stands beside the cost", () => {
  const { tracker } = trackOn();
  const unknown = { kind: "cost-unknown", step: "s" } as const;
  tracker.handle({ ...unknown, maxCostUsd: 0.01 });
  tracker.handle({ ...unknown, maxCostUsd: 0.02 });
  expect(tracker.read()).toMatchObject({ costUsd: 0, maxFurtherCostUsd: 0.03 });
  expect(describeCost(tracker.read())).toBe("$0.00 and up to $0.0300 more");
});

test("throttles are told from other refusals, and known prices from unknown ones", () => {
  const { tracker } = trackOn();
  const refused = { kind: "call-refused", step: "s", key: "k", message: "" } as const;
  const ended = { kind: "call-ended", step: "s", status: "done" } as const;
  const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 };
  tracker.handle({ ...refused, class: "throttled" });
  tracker.handle({ ...refused, class: "transient" });
  tracker.handle({ ...ended, usage, costUsd: 0.5 });
  expect(tracker.read()).toMatchObject({ callsThrottled: 1, costUsd: 0.5, isCostPartial: false });
  tracker.handle({ ...ended, usage, costUsd: undefined });
  expect(tracker.read()).toMatchObject({ costUsd: 0.5, isCostPartial: true });
});
