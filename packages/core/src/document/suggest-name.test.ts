import { expect, test } from "vitest";
import { suggestName } from "./suggest-name.ts";

const FIELDS = ["model", "messages", "maxOutputTokens", "temperature", "per"];

test.each([
  ["mesages", "messages"],
  ["mdoel", "model"],
  ["temprature", "temperature"],
  ["tmeprature", "temperature"],
  ["max_output_tokens", "maxOutputTokens"],
  ["Model", "model"],
  ["pr", "per"],
])("%s is taken for %s", (written, meant) => {
  expect(suggestName(written, FIELDS)).toBe(meant);
});

test.each(["budget", "x", "", "modelParameters"])("nothing is suggested for %j", (written) => {
  expect(suggestName(written, FIELDS)).toBeUndefined();
});

test("the nearest of several is suggested", () => {
  expect(suggestName("steps", ["stops", "step", "steps2", "stepz"])).toBe("stops");
  expect(suggestName("support-a", ["support-b", "support_a"])).toBe("support_a");
});
