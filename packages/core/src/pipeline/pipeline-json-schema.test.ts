import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pipelineJsonSchema } from "./pipeline-json-schema.ts";

const file = new URL("../../schema/pipeline.schema.json", import.meta.url);

// To bring the file up to date: UPDATE_SCHEMA=1 vitest run src/pipeline/pipeline-json-schema.test.ts
test("the schema for editors is the one that the engine reads with", () => {
  const text = `${JSON.stringify(pipelineJsonSchema(), null, 2)}\n`;
  if (process.env["UPDATE_SCHEMA"]) writeFileSync(file, text);
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("every field is described for those who write it", () => {
  const undescribed: string[] = [];
  const visit = (schema: unknown, path: string) => {
    if (typeof schema !== "object" || schema === null) return;
    for (const [name, child] of Object.entries(schema)) {
      if (name !== "properties") visit(child, path);
      else
        for (const [field, fieldSchema] of Object.entries<object>(child)) {
          if (!("description" in fieldSchema)) undescribed.push(`${path}.${field}`);
          visit(fieldSchema, `${path}.${field}`);
        }
    }
  };
  visit(pipelineJsonSchema(), "");
  expect(undescribed).toEqual([]);
});
