import { expect, test } from "vitest";
import { detectLayout } from "./detect-layout.ts";

test.each([
  ["id,body", ","],
  ["id;body;price, gross", ";"],
  ["id\tbody\n1,2,3\t4", "\t"],
  ["id|body", "|"],
  ['"a;b;c;d",body', ","],
  ['"a line;\nand ""another"";";body', ";"],
  ["\n\nid;body", ";"],
  ["only", ","],
  ["", ","],
])("%j is separated by %j", (start, delimiter) => {
  expect(detectLayout(start).delimiter).toBe(delimiter);
});

test.each([
  ["id,body\r1,a\r", "\r"],
  ["id,body\r\n1,a\r\n", "\n"],
  ["id,body\n1,a\rb", "\n"],
  ['"a\rb",body\n', "\n"],
  ["only", "\n"],
])("%j has lines that end with %j", (start, recordEnd) => {
  expect(detectLayout(start).recordEnd).toBe(recordEnd);
});
