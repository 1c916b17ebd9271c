import { expect, test } from "vitest";
import { parseSecret } from "./parse-secret.ts";

test.for([
  "sk-proj-Zq7v_51ab-04ce",
  "gsk_Zq7v51ab04ce",
  "Zq7v/51ab+04ce==",
  "eyJhbGciOi.eyJzdWIi.SflKxw",
  "0123456789abcdef",
  "zq7+Canary/51ab04ce77==9f",
  "  padded\r\n",
])("%j is taken", (text) => {
  const parsed = parseSecret(text);
  expect("secret" in parsed && parsed.secret.reveal()).toBe(text.trim());
});

test.for([
  ["", /is empty/],
  ["sk-one\nsk-two", /more than one line/],
  ['"sk-Zq7v51ab"', /quotes/],
  ["'sk-Zq7v51ab'", /quotes/],
  ['sk-Zq7v51ab"', /quotes/],
  ["${OPENAI_API_KEY}", /was not filled in/],
  ["${{ secrets.KEY }}", /was not filled in/],
  ["$OPENAI_API_KEY", /was not filled in/],
  ["$(cat key.txt)", /was not filled in/],
  ["%OPENAI_API_KEY%", /was not filled in/],
  ["Bearer sk-Zq7v51ab", /begins with "Bearer"/],
  ["OPENAI_API_KEY=sk-Zq7v51ab", /an equals sign before it/],
  ["a=x,b=y", /an equals sign before it/],
  ["sk-Zq7v51ab,sk-Xk04ce77", /as if it were several keys/],
  ["sk-Zq7v 51ab", /no key can have/],
  ["sk-Zq7v…51ab", /no key can have/],
  ['sk-Zq7v"51ab', /no key can have/],
  ["sk-Zq7v\\n51ab", /no key can have/],
  ["ключ", /no key can have/],
] as const)("%j is refused with words and a remedy, and not repeated", ([text, words]) => {
  const parsed = parseSecret(text);
  if (!("fault" in parsed)) throw new Error("it was taken");
  expect(parsed.fault).toMatch(words);
  expect(parsed.remedy).toMatch(/^[A-Z]/);
  for (const part of ["Zq7v", "04ce", "cat", "secrets.KEY"]) {
    expect(parsed.fault + parsed.remedy).not.toContain(part);
  }
});
