import * as fc from "fast-check";
import { expect, test } from "vitest";
import { padText, textWidth, truncateText } from "./text-width.ts";

test("wide characters take two cells, marks none, colors none", () => {
  expect(textWidth("abc")).toBe(3);
  expect(textWidth("日本")).toBe(4);
  expect(textWidth("e\u0301")).toBe(1);
  expect(textWidth("👍")).toBe(2);
  expect(textWidth("\u001b[31mred\u001b[39m")).toBe(3);
});

test.for([
  ["a family joined of four", "👨‍👩‍👧‍👦"],
  ["a thumb with a skin tone", "👍🏽"],
  ["a flag", "🇩🇪"],
  ["a keycap", "1️⃣"],
  ["a heart shown as a picture", "❤️"],
] as const)("%s takes two cells, however many characters it is made of", ([, emoji]) => {
  expect(textWidth(emoji)).toBe(2);
  expect(textWidth(`${emoji}${emoji} ok`)).toBe(7);
});

test("a joined emoji or a flag is cut whole", () => {
  expect(truncateText("ab👨‍👩‍👧‍👦cd", 4)).toBe("ab…");
  expect(truncateText("ab👨‍👩‍👧‍👦cd", 5)).toBe("ab👨‍👩‍👧‍👦…");
  expect(truncateText("🇩🇪🇫🇷🇮🇹", 4)).toBe("🇩🇪…");
});

test("a line that is too long ends in an ellipsis", () => {
  expect(truncateText("a long reason", 8)).toBe("a long…");
  expect(truncateText("short", 8)).toBe("short");
  expect(truncateText("日本語", 4)).toBe("日…");
});

test("a truncated line is never wider than asked for", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (line, width) => {
      expect(textWidth(truncateText(line, width))).toBeLessThanOrEqual(width);
    }),
  );
});

test("padding counts cells", () => {
  expect(padText("日本", 6)).toBe("日本  ");
  expect(padText("7", 3, "right")).toBe("  7");
});
