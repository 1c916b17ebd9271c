import fc from "fast-check";
import { expect, test } from "vitest";
import { hostileText } from "../test/hostile-text.ts";
import { readRunnerLog } from "../test/runner-log.ts";
import { inertLine } from "./inert-text.ts";

test("the runner reads no command in an inert line, whatever it was made of", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(readRunnerLog(inertLine(text)).commands).toEqual([]);
    }),
    { numRuns: 5_000 },
  );
});

test("the reader of the log is not blind: the same texts, printed raw, do hold commands", () => {
  const texts = fc.sample(hostileText, { numRuns: 500, seed: 1 });
  expect(readRunnerLog(texts.join("\n")).commands.length).toBeGreaterThan(50);
});

test("what could be a command is shown, not dropped", () => {
  expect(inertLine(": ::set-output name=a::b")).toBe("\\u{3a} ::set-output name=a::b");
  expect(inertLine("see ##[error]here")).toBe("see ##\\u{5b}error]here");
  expect(inertLine("#\u034f#[error]here")).toBe("#\\u{34f}#[error]here");
});

test("plain text stays as it is", () => {
  expect(inertLine("row 4: “déjà vu” – 日本 #12 ::")).toBe("row 4: “déjà vu” – 日本 #12 ::");
});
