import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFakeTerminal, type FakeTerminal } from "../terminal/fake-terminal.ts";
import { LiveDisplay } from "./live-display.ts";
import { ProgressTracker } from "./progress-tracker.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function openDisplay() {
  const terminal = createFakeTerminal({ isInteractive: true });
  const tracker = new ProgressTracker(() => performance.now());
  const source = { title: "p.yml over r.csv", simulated: false, tracker, keys: () => [] };
  return { terminal, display: new LiveDisplay(source, terminal) };
}

test("the block is painted over in place", () => {
  const { terminal } = openDisplay();
  vi.advanceTimersByTime(5_000);
  const screen = showScreen(terminal);
  expect(screen.filter((line) => line.includes("p.yml over r.csv"))).toHaveLength(1);
});

test("notes stand above the block and stay", () => {
  const { terminal, display } = openDisplay();
  display.note("first note");
  vi.advanceTimersByTime(500);
  display.note("second note");
  expect(showScreen(terminal).slice(0, 3)).toEqual([
    "first note",
    "second note",
    "p.yml over r.csv",
  ]);
});

test("when it is closed only the notes are left, and the cursor is back", () => {
  const { terminal, display } = openDisplay();
  display.note("a note");
  vi.advanceTimersByTime(500);
  display.close();
  display.close();
  vi.advanceTimersByTime(500);
  expect(showScreen(terminal)).toEqual(["a note"]);
  expect(terminal.written.stderr.match(/\?25[hl]/g)).toEqual(["?25l", "?25h"]);
});

test("a process that ends in the middle leaves the terminal as it was", () => {
  const { terminal } = openDisplay();
  expect(() => terminal.exit(130)).toThrow("exit 130");
  expect(showScreen(terminal)).toEqual([]);
  expect(terminal.written.stderr).toMatch(/\?25h$/);
});

test("a window made narrower has wrapped the block: all of it is taken away", () => {
  const { terminal, display } = openDisplay();
  terminal.window.columns = 10;
  terminal.written.stderr = "";
  display.close();
  // "p.yml over r.csv", "reading rows …" and "0.0 s · 0 failed · $0.00 · 0 throttled · 0 calls"
  expect(terminal.written.stderr).toContain("\u001b[9A");
});

/** Lines of a screen that obeys what was written: the few sequences that a block is made of. */
function showScreen(terminal: FakeTerminal): string[] {
  const lines = [""];
  let row = 0;
  const output = terminal.written.stderr.replaceAll("\u001b[", "␛");
  for (const [token] of output.matchAll(/␛\??\d*[a-zA-Z]|\n|\r|[^␛\n\r]+/g)) {
    const [, up] = /^␛(\d+)A$/.exec(token) ?? [];
    if (token === "\n") row++;
    else if (up !== undefined) row -= Number(up);
    else if (token === "␛K") lines[row] = "";
    else if (!token.startsWith("␛") && token !== "\r") lines[row] = (lines[row] ?? "") + token;
    lines[row] ??= "";
  }
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}
