import { expect, test } from "vitest";
import { createFakeTerminal, FakeExit } from "../../terminal/fake-terminal.ts";
import { watchStopSignals } from "./watch-stop-signals.ts";

function watch() {
  const typed = ["run", "p.yml", "r.csv", "--fresh"];
  const terminal = createFakeTerminal({ arguments: typed });
  const notes: string[] = [];
  const display = {
    handle: () => {},
    note: (text: string) => void notes.push(text),
    close: () => {},
  };
  return { terminal, notes, signals: watchStopSignals(terminal, display) };
}

test("the first signal stops the run and says how to quit at once", () => {
  const { terminal, notes, signals } = watch();
  terminal.sendStopSignal();
  expect(signals.stop.aborted).toBe(true);
  expect(notes).toEqual([expect.stringContaining("a second signal")]);
});

test("the second signal ends the process with 130 and the command that continues, not one that starts over", () => {
  const { terminal } = watch();
  terminal.sendStopSignal();
  expect(() => terminal.sendStopSignal()).toThrow(new FakeExit(130));
  expect(terminal.written.stderr).toMatch(/\n {2}rota run p\.yml r\.csv\n$/);
});

test("after closing, signals mean what they always mean", () => {
  const { terminal, signals } = watch();
  signals.close();
  terminal.sendStopSignal();
  expect(signals.stop.aborted).toBe(false);
});
