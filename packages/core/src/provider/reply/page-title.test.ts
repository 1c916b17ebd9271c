import { expect, test } from "vitest";
import { describePage } from "./page-title.ts";

test.each([
  [
    "<!DOCTYPE html><html><head><title>502 Bad Gateway</title>",
    'a page of HTML, "502 Bad Gateway"',
  ],
  ["\n<html>\n<head><title lang=en>\n Sign in </title>", 'a page of HTML, "Sign in"'],
  ["<!-- proxy -->\n<html><body>Sorry</body></html>", "a page of HTML without a title"],
  ["<html><title></title>", "a page of HTML without a title"],
  ["<p>An answer</p>", undefined],
  ['{"error": "<html>"}', undefined],
  ["", undefined],
])("%j", (text, description) => {
  expect(describePage(text)).toBe(description);
});
