import fc from "fast-check";
import { Compile } from "typebox/schema";
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../vocabulary/json.ts";
import { compileSchema } from "./compile-schema.ts";

const UNCHECKABLE = ["takes more than 500,000 steps to be checked"];

describe("work that grows faster than the reply is cut short", () => {
  const branching: JsonObject = {
    $defs: {
      node: {
        anyOf: [
          { type: "array", maxItems: 0, items: { $ref: "#/$defs/node" } },
          { type: "array", items: { $ref: "#/$defs/node" } },
        ],
      },
    },
    $ref: "#/$defs/node",
  };
  const fanOut: JsonObject = Object.fromEntries(
    Array.from({ length: 40 }, (_, level) => [
      `level${level}`,
      level === 39
        ? { type: "string" }
        : {
            anyOf: [{ $ref: `#/$defs/level${level + 1}` }, { $ref: `#/$defs/level${level + 1}` }],
          },
    ]),
  );
  const nested = (depth: number): JsonValue => (depth === 0 ? 1 : [nested(depth - 1)]);
  const zeros = Array.from({ length: 30_000 }, () => 0);
  const names = Object.fromEntries(zeros.map((_, index) => [`name ${index}`, 0]));
  const strings = Array.from({ length: 1_000 }, () => ({ type: "string" }));

  test.each<[string, JsonObject, JsonValue]>([
    ["references that branch with every level", branching, nested(64)],
    ["references that branch without going deeper", { $defs: fanOut, $ref: "#/$defs/level0" }, 1],
    ["many schemas for many items", { items: { anyOf: strings } }, zeros],
    ["many patterns for many names", { patternProperties: manyPatterns() }, names],
    ["a large pattern over a long text", { pattern: "[a-z]{1,200}[0-9]" }, "a".repeat(500_000)],
    [
      "equal parts, written again and again",
      { uniqueItems: true, items: { $ref: "#" } },
      doubled(62),
    ],
  ])("%s", (_, schema, value) => {
    expect(compileSchema(schema)(value)).toEqual(UNCHECKABLE);
  });

  test("a reference to itself", () => {
    expect(compileSchema({ $ref: "#" })(1)).toEqual(["is nested too deeply to be checked"]);
  });

  function manyPatterns(): JsonObject {
    return Object.fromEntries(strings.map((schema, index) => [`^${index}`, schema]));
  }

  function doubled(depth: number): JsonValue {
    return depth === 0 ? "x".repeat(1_000_000) : [doubled(depth - 1)];
  }
});

describe("large replies are checked in full", () => {
  const items = Array.from({ length: 29_000 }, (_, index) => index);

  test("30,000 numbers, each different", () => {
    const check = compileSchema({ uniqueItems: true, items: { type: "integer", minimum: 0 } });
    expect(check(items)).toEqual([]);
    expect(check([...items, 0])).toEqual(["must not have duplicate items"]);
  });

  test("thousands of equal objects", () => {
    const check = compileSchema({ type: "array", uniqueItems: true });
    const objects = Array.from({ length: 5_000 }, () => ({ a: 1, b: { c: [] } }));
    expect(check(objects)).toEqual(["must not have duplicate items"]);
  });

  test("what is said of them stays short", () => {
    const extra = Object.fromEntries(items.map((item) => [`${"long".repeat(50)} ${item}`, 1]));
    const [closed = ""] = compileSchema({ additionalProperties: false })(extra);
    expect(closed).toMatch(/^must not have "long.*" and 28995 more$/);
    const complaints = compileSchema({ additionalProperties: { type: "string" } })(extra);
    expect([closed, ...complaints].join("").length).toBeLessThan(1_500);
  });
});

test.each<[JsonValue, JsonValue, boolean]>([
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [[1, 2], [2, 1], false],
  ['{"a":1}', { a: 1 }, false],
  [1, "1", false],
  [[true], [1], false],
  [0, -0, true],
  [null, "null", false],
])("%j and %j are equal: %j", (a, b, equal) => {
  expect(compileSchema({ uniqueItems: true })([a, b])).toHaveLength(equal ? 1 : 0);
  expect(compileSchema({ const: a })(b)).toHaveLength(equal ? 0 : 1);
});

test("lengths are of characters, not of their units", () => {
  const check = compileSchema({ minLength: 2, maxLength: 3 });
  expect(["🙂🙂", "🙂🙂🙂", "ab", "abc"].flatMap(check)).toEqual([]);
  expect(["🙂", "🙂🙂🙂🙂", "a", "abcd"].map((text) => check(text).length)).toEqual([1, 1, 1, 1]);
});

test("what is unevaluated is so for the schema that says it, and no other", () => {
  const closed = { properties: { b: true }, unevaluatedProperties: false };
  expect(compileSchema({ allOf: [{ properties: { a: true } }, closed] })({ a: 1, b: 1 })).toEqual([
    'must not have "a"',
  ]);
  const outer = { anyOf: [{ properties: { a: true } }], ...closed };
  expect(compileSchema(outer)({ a: 1, b: 1 })).toEqual([]);
});

const name = fc.constantFrom("a", "b", "ab");
const value = fc
  .jsonValue({ maxDepth: 3 })
  .map((json): JsonValue => JSON.parse(JSON.stringify(json)));
const member = fc.oneof(
  fc.constantFrom<JsonValue>(0, 1, 1.5, "", "a", "ab1", true, null, [], {}),
  fc.array(fc.constantFrom<JsonValue>(0, 1, "a", [0], { a: 0 }), { maxLength: 4 }),
);
const probe = fc.oneof(
  value,
  member,
  fc.dictionary(name, member),
  fc.array(member, { maxLength: 4 }),
);

/** Schemas of a few keywords: with many, nearly every value is refused. */
function drawSchema(depth: number): fc.Arbitrary<JsonObject> {
  const inner: fc.Arbitrary<JsonValue> = depth === 0 ? fc.boolean() : drawSchema(depth - 1);
  const some = fc.array(inner, { minLength: 1, maxLength: 3 });
  const count = fc.nat(3);
  const names = fc.uniqueArray(name);
  const limit = fc.integer({ min: -1, max: 2 });
  const type = fc.constantFrom("array", "boolean", "integer", "null", "number", "object", "string");
  const operands: Record<string, fc.Arbitrary<JsonValue>> = {
    type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1 })),
    enum: fc.array(member, { minLength: 1, maxLength: 4 }),
    const: member,
    minimum: limit,
    exclusiveMaximum: limit,
    multipleOf: fc.constantFrom(0.5, 1, 2),
    minLength: count,
    maxLength: count,
    pattern: fc.constantFrom("^a", "b$", "[0-9]"),
    required: names,
    properties: fc.dictionary(name, inner),
    patternProperties: fc.dictionary(fc.constantFrom("^a", "b$"), inner),
    additionalProperties: inner,
    propertyNames: inner,
    minProperties: count,
    maxProperties: count,
    dependentRequired: fc.dictionary(name, names),
    dependentSchemas: fc.dictionary(name, inner),
    prefixItems: some,
    items: inner,
    contains: inner,
    minContains: count,
    maxContains: count,
    minItems: count,
    maxItems: count,
    uniqueItems: fc.boolean(),
    allOf: some,
    anyOf: some,
    oneOf: some,
    not: inner,
    if: inner,
    // oxlint-disable-next-line unicorn/no-thenable -- the keyword is called so
    then: inner,
    else: inner,
  };
  const keywords = Object.entries(operands).map(([keyword, operand]) =>
    operand.map((drawn): [string, JsonValue] => [keyword, drawn]),
  );
  return fc
    .array(fc.oneof(...keywords), { minLength: 1, maxLength: 5 })
    .map((entries) => Object.fromEntries(entries));
}

test("what it takes and refuses is what typebox takes and refuses", () => {
  const property = fc.property(
    drawSchema(2),
    fc.array(probe, { minLength: 5 }),
    (asked, values) => {
      const check = compileSchema(asked);
      const reference = Compile(asked);
      return values.every((json) => (check(json).length === 0) === reference.Check(json));
    },
  );
  expect(fc.check(property, { numRuns: 500 })).toMatchObject({
    failed: false,
    counterexample: null,
  });
});
