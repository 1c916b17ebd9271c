import { expect, test } from "vitest";
import { detectDelimiter } from "./detect-delimiter.ts";

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
  expect(detectDelimiter(start)).toBe(delimiter);
});
