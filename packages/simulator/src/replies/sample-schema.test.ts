import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { sampleSchema } from "./sample-schema.ts";
import { UnsupportedSchemaError } from "./schema-node.ts";

/** A schema together with an independent judge of its values. */
interface Judged {
  readonly schema: object;
  readonly accepts: (value: unknown) => boolean;
}

const integers = fc
  .tuple(fc.integer({ min: -1_000, max: 1_000 }), fc.nat(20), fc.boolean())
  .map(([minimum, span, isExclusive]): Judged => {
    const maximum = minimum + span + 2;
    const bounds = isExclusive
      ? { exclusiveMinimum: minimum, exclusiveMaximum: maximum }
      : { minimum, maximum };
    return {
      schema: { type: "integer", ...bounds },
      accepts: (value) =>
        Number.isInteger(value) &&
        Number(value) >= minimum + Number(isExclusive) &&
        Number(value) <= maximum - Number(isExclusive),
    };
  });

const numbers = fc
  .tuple(fc.double({ min: -10, max: 10, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([minimum, span]): Judged => {
    const maximum = minimum + span;
    return {
      schema: { type: "number", minimum, maximum },
      accepts: (value) => typeof value === "number" && value >= minimum && value <= maximum,
    };
  });

const strings = fc.tuple(fc.nat(80), fc.nat(80)).map(([minLength, span]): Judged => ({
  schema: { type: "string", minLength, maxLength: minLength + span },
  accepts: (value) =>
    typeof value === "string" && value.length >= minLength && value.length <= minLength + span,
}));

const constants = fc
  .uniqueArray(fc.string(), { minLength: 1, maxLength: 4 })
  .map((values): Judged => ({
    schema: { enum: values },
    accepts: (value) => values.some((one) => one === value),
  }));

const flags = fc.constant<Judged>({
  schema: { type: ["boolean", "null"] },
  accepts: (value) => value === null || typeof value === "boolean",
});

const { schemas } = fc.letrec<{ schemas: Judged }>((tie) => {
  const lists = fc
    .tuple(tie("schemas"), fc.nat(3), fc.nat(3))
    .map(([item, minItems, span]): Judged => ({
      schema: { type: "array", items: item.schema, minItems, maxItems: minItems + span },
      accepts: (value) =>
        Array.isArray(value) &&
        value.length >= minItems &&
        value.length <= minItems + span &&
        value.every(item.accepts),
    }));
  const choices = fc
    .array(tie("schemas"), { minLength: 1, maxLength: 3 })
    .map((branches): Judged => ({
      schema: { description: "any of these", anyOf: branches.map((branch) => branch.schema) },
      accepts: (value) => branches.some((branch) => branch.accepts(value)),
    }));
  const objects = fc
    .tuple(fc.dictionary(fc.string(), tie("schemas"), { maxKeys: 4 }), fc.nat(4))
    .map(([properties, requiredCount]): Judged => {
      const names = Object.keys(properties);
      const required = names.slice(0, requiredCount);
      return {
        schema: {
          type: "object",
          properties: Object.fromEntries(names.map((name) => [name, properties[name]?.schema])),
          required,
          additionalProperties: false,
        },
        accepts: (value) =>
          typeof value === "object" &&
          value !== null &&
          required.every((name) => Object.hasOwn(value, name)) &&
          Object.entries(value).every(
            ([name, one]) => Object.hasOwn(properties, name) && properties[name]?.accepts(one),
          ),
      };
    });
  const leaves = [integers, numbers, strings, constants, flags];
  return { schemas: fc.oneof({ maxDepth: 3 }, ...leaves, lists, choices, objects) };
});

test("samples are valid for their schema", () => {
  fc.assert(
    fc.property(schemas, fc.nat(), ({ schema, accepts }, seed) => {
      expect(sampleSchema(schema, createRandom(seed))).toSatisfy(accepts);
    }),
  );
});

test("a recursive schema comes to an end", () => {
  const tree = {
    $ref: "#/$defs/node",
    $defs: {
      node: {
        type: "object",
        required: ["value", "left", "right", "children"],
        properties: {
          value: { type: "integer" },
          left: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
          right: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
          children: { type: "array", items: { $ref: "#/$defs/node" } },
        },
      },
    },
  };
  for (let seed = 0; seed < 50; seed += 1) {
    expect(sampleSchema(tree, createRandom(seed))).toHaveProperty("children");
  }
});

test("every value of an enum is chosen sooner or later", () => {
  const values = ["low", "medium", "high", null];
  const seen = new Set<unknown>();
  for (let seed = 0; seed < 100; seed += 1) {
    seen.add(sampleSchema({ enum: values }, createRandom(seed)));
  }
  expect(seen).toEqual(new Set(values));
});

test("a property that allows no value is left out", () => {
  for (let seed = 0; seed < 10; seed += 1) {
    const schema = { type: "object", properties: { never: false } };
    expect(sampleSchema(schema, createRandom(seed))).toEqual({});
  }
});

test("unique items are unique", () => {
  const schema = {
    type: "array",
    uniqueItems: true,
    minItems: 3,
    maxItems: 3,
    items: { enum: [1, 2, 3] },
  };
  const items = sampleSchema(schema, createRandom(1));
  expect(items).toHaveLength(3);
  expect(items).toEqual(expect.arrayContaining([1, 2, 3]));
});

test("numbers are multiples of what they should be", () => {
  const schema = { type: "number", minimum: 1, maximum: 2, multipleOf: 0.25 };
  for (let seed = 0; seed < 20; seed += 1) {
    expect([1, 1.25, 1.5, 1.75, 2]).toContain(sampleSchema(schema, createRandom(seed)));
  }
});

test.each([
  ["date", /^\d{4}-\d\d-\d\d$/],
  ["date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
  ["email", /^[\w-]+@example\.com$/],
  ["uri", /^https:\/\/example\.com\//],
  ["uuid", /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/],
])("a string of the format %s looks like one", (format, pattern) => {
  expect(sampleSchema({ type: "string", format }, createRandom(1))).toMatch(pattern);
});

test.each([
  ["a keyword that samples do not honour", { type: "string", pattern: "^a+$" }],
  ["a restriction beside a choice", { type: "object", anyOf: [{ required: ["a"] }] }],
  ["a reference to nothing", { $ref: "#/$defs/missing" }],
  ["a reference to another document", { $ref: "https://example.com/schema" }],
  [
    "a schema that has no end",
    { type: "object", required: ["next"], properties: { next: { $ref: "#" } } },
  ],
  ["bounds with nothing between them", { type: "integer", minimum: 2, maximum: 1 }],
  ["a type that does not exist", { type: "text" }],
])("%s is refused rather than answered wrongly", (_, schema) => {
  expect(() => sampleSchema(schema, createRandom(1))).toThrow(UnsupportedSchemaError);
});
