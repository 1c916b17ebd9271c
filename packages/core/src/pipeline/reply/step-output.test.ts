import { describe, expect, test } from "vitest";
import { readYaml } from "../../document/read-yaml.ts";
import type { DocumentPath } from "../../document/yaml-document.ts";
import type { JsonObject, JsonValue } from "../../vocabulary/json.ts";
import type { Problem } from "../../vocabulary/problem.ts";
import type { StepOutput } from "../pipeline.ts";
import { Section } from "../section/section.ts";
import { createSchemaOutput, jsonObjectOutput } from "./step-output.ts";

const triage: JsonObject = {
  type: "object",
  required: ["urgency", "tags"],
  additionalProperties: false,
  properties: {
    urgency: { enum: ["low", "high"] },
    tags: { type: "array", items: { type: "object", properties: { score: { minimum: 1 } } } },
  },
};

function create(schema: JsonObject, name = "triage"): StepOutput {
  const { output, problems } = tryCreate(schema, name);
  if (!output) throw new Error(JSON.stringify(problems));
  return output;
}

function tryCreate(schema: JsonObject, name = "triage") {
  const problems: Problem[] = [];
  const document = readYaml(JSON.stringify(schema), "p.yml");
  const section = new Section(document, (problem) => problems.push(problem));
  return { output: createSchemaOutput({ name, schema }, section), section, problems };
}

test("a reply that satisfies the schema has nothing wrong", () => {
  expect(create(triage).check({ urgency: "low", tags: [{ score: 2 }] })).toEqual([]);
});

test.each<[JsonValue, string[]]>([
  [{ urgency: "mid", tags: [] }, ['urgency must be one of "low", "high"']],
  [{ urgency: "low" }, ['must have "tags"']],
  [{ urgency: "low", tags: [], extra: 1 }, ['must not have "extra"']],
  [{ urgency: "low", tags: [{ score: 0 }] }, ["tags.0.score must be >= 1"]],
  ["text", ["must be object"]],
])("what is wrong with a reply is said in few words: %j", (value, problems) => {
  expect(create(triage).check(value)).toEqual(problems);
});

test("the columns of a reply are the fields of its schema, in their order", () => {
  expect(create(triage).fields).toEqual(["urgency", "tags"]);
  expect(create({ type: "array" }).fields).toEqual([]);
});

test("the schema's name fits what the provider takes", () => {
  expect(create(triage, "an answer: möglich?")).toMatchObject({ name: "an_answer__m_glich_" });
});

test("an object without a schema must be an object", () => {
  expect(jsonObjectOutput.check({})).toEqual([]);
  expect(jsonObjectOutput.check([])).toEqual(["must be object"]);
});

describe("a broken schema is a problem at its broken part", () => {
  test.each<[JsonObject, DocumentPath, string]>([
    [{ type: "objct" }, ["type"], "must be one of"],
    [{ properties: { "a/b": { type: 5 } } }, ["properties", "a/b", "type"], "must be one of"],
    [{ properties: [] }, ["properties"], "must be object"],
    [{ required: "a" }, ["required"], "must be array"],
    [{ type: "string", pattern: "(" }, ["pattern"], "regex"],
    [
      { items: { $ref: "#/$defs/no" } },
      ["items", "$ref"],
      'nothing in this schema is at "#/$defs/no"',
    ],
    [{ $ref: "https://example.com/x" }, ["$ref"], "nothing in this schema"],
  ])("%j", (schema, path, message) => {
    const { output, section, problems } = tryCreate(schema);
    expect(output).toBeUndefined();
    expect(problems).toEqual([
      expect.objectContaining({
        message: expect.stringContaining(message),
        ...section.at(...path).place,
      }),
    ]);
  });
});

test("references inside a schema are followed", () => {
  const output = create({
    $defs: { mood: { enum: ["good", "bad"] } },
    properties: { mood: { $ref: "#/$defs/mood" } },
  });
  expect(output.check({ mood: "good" })).toEqual([]);
  expect(output.check({ mood: "so" })).toHaveLength(1);
});

test("a reply nested as deep as a hostile model likes does no harm", () => {
  const output = create({ type: "array", items: { $ref: "#" } });
  const depth = 100_000;
  const value: JsonValue = JSON.parse("[".repeat(depth) + "]".repeat(depth));
  expect(output.check(value)).toEqual(["is nested too deeply to be checked"]);
});

function closed(properties: JsonObject): JsonObject {
  const required = Object.keys(properties);
  return { type: "object", additionalProperties: false, required, properties };
}

function isStrict(schema: JsonObject): boolean {
  const output = create(schema);
  return output.kind === "json-schema" && output.strict;
}

describe("the provider is asked to enforce a schema", () => {
  test("when all objects are closed and complete", () => {
    expect(isStrict(closed({ a: closed({ b: { type: ["string", "null"] } }) }))).toBe(true);
    expect(isStrict(closed({ a: { anyOf: [{ type: "string" }, closed({})] } }))).toBe(true);
  });

  test("when types follow from the allowed values, which are then added", () => {
    const output = create(closed({ a: { enum: ["x", "y"] }, b: { const: 1 } }));
    expect(output).toMatchObject({
      strict: true,
      schema: { properties: { a: { type: "string" }, b: { type: "number" } } },
    });
  });

  test.each<[string, JsonObject]>([
    ["an object is open", closed({ a: { type: "object", properties: {} } })],
    ["a property is optional", { ...closed({ a: { type: "string" } }), required: [] }],
    ["a keyword is beyond it", closed({ a: { type: "string", minLength: 3 } })],
    ["a type is missing", closed({ a: { description: "anything" } })],
    ["values are of several types", closed({ a: { enum: ["x", 1] } })],
    ["the reply is no object", { type: "array", items: { type: "string" } }],
    ["an object in a list is open", closed({ a: { type: "array", items: { type: "object" } } })],
  ])("but not when %s", (_, schema) => {
    expect(isStrict(schema)).toBe(false);
  });
});
