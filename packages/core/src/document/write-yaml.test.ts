import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ProblemsError } from "../vocabulary/problem.ts";
import { readYaml } from "./read-yaml.ts";
import { writeYaml } from "./write-yaml.ts";

test("whatever is written is read as it was", () => {
  const values = fc
    .jsonValue({
      maxDepth: 6,
      stringUnit: fc.oneof(
        fc.constantFrom(..."{}[]:#-|>\n\t '\"&*!%@"),
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
      ),
    })
    .filter((value) => !JSON.stringify(value).includes("__proto__"));
  fc.assert(
    fc.property(values, (value) => {
      expect(readYaml(writeYaml(value, "object"), "object").value).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test.each([" \n", " \n!", "\n  a\n", "a\n\n b "])("%j is read as it was", (text) => {
  expect(readYaml(writeYaml([{ "": text }], "object"), "object").value).toEqual([{ "": text }]);
});

test("each field has a line of its own, and undefined ones have none", () => {
  const value = { name: "p", description: undefined, steps: [{ id: "a", needs: ["b"] }] };
  expect(writeYaml(value, "object")).toBe(`name: p
steps:
  - id: a
    needs:
      - b
`);
});

test.each([
  ["a function", { when: () => true }],
  ["a symbol", { when: Symbol("when") }],
])("%s is a problem", (_, value) => {
  expect(() => writeYaml(value, "object")).toThrow(ProblemsError);
});

test("an object that holds itself can be written, and is refused when it is read", () => {
  const value: Record<string, unknown> = {};
  value["self"] = value;
  expect(() => readYaml(writeYaml(value, "object"), "object")).toThrow(ProblemsError);
});
