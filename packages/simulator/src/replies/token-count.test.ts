import { expect, test } from "vitest";
import { countTokens, cutToTokens } from "./token-count.ts";

test("other scripts have more tokens than letters have", () => {
  expect(countTokens("abcdefgh")).toBe(2);
  expect(countTokens("日本語日本語日本")).toBe(6);
});

test("a cut text has no broken character at its end", () => {
  expect(cutToTokens("日本語日本語", 1)).toBe("日");
  expect(cutToTokens("abcdefgh", 1)).toBe("abcd");
  expect(cutToTokens("abcd", 1)).toBe("abcd");
});
