import fc from "fast-check";
import { expect, test } from "vitest";
import { compileSchema } from "./compile-schema.ts";
import { findSchemaMistakes } from "./find-schema-mistakes.ts";
import { LinearPattern } from "./linear-pattern.ts";

test("a pattern that would take JavaScript's engine for ever is run at once", () => {
  const check = compileSchema({ type: "string", pattern: "^(a+)+$" });
  expect(check(`${"a".repeat(30_000)}!`)).toEqual(["must match ^(a+)+$"]);
  expect(check("aaa")).toEqual([]);
});

test("patterns stand wherever schemas do, and data that looks like one is data", () => {
  const inside = { type: "string", pattern: "^x$" };
  const schema = {
    type: "object",
    properties: { const: inside, list: { type: "array", items: { anyOf: [inside] } } },
    default: { pattern: "(?=never)" },
  };
  expect(findSchemaMistakes(schema)).toEqual([]);
  const check = compileSchema(schema);
  expect(check({ const: "x", list: ["x"] })).toEqual([]);
  expect(check({ const: "y" })).toEqual(["const must match ^x$"]);
  expect(check({ list: ["x", "y"] })).not.toEqual([]);
});

test.each([
  ["a lookahead", { pattern: "^(?=.*a)b" }, ["pattern"]],
  [
    "a back reference",
    { properties: { a: { pattern: "(a)\\1" } } },
    ["properties", "a", "pattern"],
  ],
  ["a pattern of names", { patternProperties: { "^(?!a)": {} } }, ["patternProperties", "^(?!a)"]],
])("%s is refused at its place", (_, schema, path) => {
  expect(findSchemaMistakes(schema)).toMatchObject([{ path }]);
});

test("what it finds, JavaScript's engine finds", () => {
  const pattern = fc.constantFrom(
    "^a+$",
    "b",
    "^[a-c]{2,3}",
    "a.c",
    "\\d",
    "(a|bc)*$",
    "^\\p{L}+$",
  );
  fc.assert(
    fc.property(
      pattern,
      fc.string({ unit: fc.constantFrom("a", "b", "c", "1", "é", "\n") }),
      (source, text) => {
        expect(new LinearPattern(source).test(text)).toBe(new RegExp(source, "u").test(text));
      },
    ),
  );
});
