import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keyFileJsonSchema } from "../src/keys/configuration/key-file-schema.ts";
import { pipelineJsonSchema } from "../src/pipeline/schema.ts";

const schemas = [
  ["pipeline", pipelineJsonSchema()],
  ["key-file", keyFileJsonSchema()],
] as const;

// To bring the files up to date: UPDATE_SCHEMA=1 vitest run test/schema-files.test.ts
test.each(schemas)(
  "the schema of the %s for editors is the one it is read with",
  (name, schema) => {
    const file = new URL(`../schema/${name}.schema.json`, import.meta.url);
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    if (process.env["UPDATE_SCHEMA"]) writeFileSync(file, text);
    expect(readFileSync(file, "utf8")).toBe(text);
  },
);

test.each(schemas)("every field of the %s is described for those who write it", (_, schema) => {
  expect([...listUndescribedFields(schema)]).toEqual([]);
});

function* listUndescribedFields(schema: unknown, path = ""): Generator<string> {
  if (typeof schema !== "object" || schema === null) return;
  for (const [keyword, child] of Object.entries(schema)) {
    if (keyword !== "properties") yield* listUndescribedFields(child, path);
    else {
      for (const [name, field] of Object.entries<object>(child)) {
        if (!("description" in field)) yield `${path}.${name}`;
        yield* listUndescribedFields(field, `${path}.${name}`);
      }
    }
  }
}
