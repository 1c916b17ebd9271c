import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFakeTerminal } from "../terminal/fake-terminal.ts";
import { openProgressDisplay } from "./open-progress-display.ts";
import { ProgressTracker } from "./progress-tracker.ts";

const started = {
  kind: "run-started",
  runId: "r",
  rows: 200,
  rowsDone: 100,
  callsOpen: 2,
  simulated: true,
} as const;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function openDisplay(mode: "auto" | "none") {
  const terminal = createFakeTerminal();
  const tracker = new ProgressTracker(() => performance.now());
  const source = { title: "p.yml over r.csv", simulated: true, tracker, keys: () => [] };
  return { terminal, tracker, display: openProgressDisplay(mode, source, terminal) };
}

test("where nobody can watch, a log tells what happens when", () => {
  const { terminal, tracker, display } = openDisplay("auto");
  tracker.handle(started);
  display.handle(started);
  for (let row = 0; row < 50; row++) {
    tracker.handle({
      kind: "row-ended",
      ordinal: row,
      line: row + 2,
      status: "done",
      error: undefined,
    });
  }
  vi.advanceTimersByTime(5_000);
  display.handle({ kind: "key-rejected", key: "old", message: "revoked\u001b[2J" });
  display.handle({ kind: "outputs-written", files: ["results.csv"] });
  display.close();
  vi.advanceTimersByTime(60_000);
  expect(terminal.written.stderr).toBe(
    [
      "[0.0 s] continuing: 200 rows, 100 of them done earlier, 2 calls left open by a killed process, simulated",
      "[5.0 s] 150 of 200 rows (75 %), 10 rows/s, 5.0 s left, 0 failed, $0.00, 0 calls, 0 throttled",
      String.raw`[5.0 s] key old is out: revoked\u{1b}[2J`,
      "[5.0 s] written: results.csv",
      "",
    ].join("\n"),
  );
});

test("with none there is nothing", () => {
  const { terminal, display } = openDisplay("none");
  display.handle(started);
  display.note("a note");
  vi.advanceTimersByTime(60_000);
  expect(terminal.written.stderr).toBe("");
});
