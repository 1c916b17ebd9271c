import * as fc from "fast-check";
import { expect, test } from "vitest";
import { printableLine, printableText } from "./printable-text.ts";

test("what people write stays as it is", () => {
  const text = "Grüße, 你好, नमस्ते — “so”: 3 × €5 = 15 👍\n\tindented";
  expect(printableText(text)).toBe(text);
});

test("an escape sequence is shown, not obeyed", () => {
  expect(printableText("\u001b[2Jgone")).toBe(String.raw`\u{1b}[2Jgone`);
});

test.for([
  ["DCS", "\u0090", String.raw`\u{90}`],
  ["CSI of one byte", "\u009b", String.raw`\u{9b}`],
  ["carriage return", "\r", String.raw`\u{d}`],
  ["backspace", "\b", String.raw`\u{8}`],
  ["NUL", "\0", String.raw`\u{0}`],
  ["right-to-left override", "\u202e", String.raw`\u{202e}`],
  ["zero-width space", "\u200b", String.raw`\u{200b}`],
  ["line separator", "\u2028", String.raw`\u{2028}`],
  ["half a surrogate pair", "\ud800", String.raw`\u{d800}`],
] as const)("%s is shown by its code", ([, character, shown]) => {
  expect(printableText(`a${character}b`)).toBe(`a${shown}b`);
});

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
);

test("no control, format or unassigned character gets through, whatever comes in", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(printableText(text).replaceAll(/[\n\t]/g, "")).not.toMatch(/\p{C}|[\u2028\u2029]/u);
    }),
  );
});

test("a text that is printable already is not changed again", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const once = printableText(text);
      expect(printableText(once)).toBe(once);
    }),
  );
});

test("a line is one line", () => {
  expect(printableLine("  first\r\n\tsecond  ")).toBe("first second");
  fc.assert(fc.property(anyText, (text) => !printableLine(text).includes("\n")));
});
