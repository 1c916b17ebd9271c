import { expect, test } from "vitest";
import { keyFileJsonSchema } from "./key-file-schema.ts";

/** The paths of fields without a description. */
function listUndescribed(schema: object, path = ""): string[] {
  return Object.entries(schema).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value !== "object" || value === null) return [];
    const here = `${path}/${name}`;
    const isField = /\/properties\/\w+$/.test(here);
    return [
      ...(isField && !("description" in value) ? [here] : []),
      ...listUndescribed(value, here),
    ];
  });
}

test("editors get a JSON Schema in which every field is described", () => {
  const schema = keyFileJsonSchema();
  expect(schema).toMatchObject({ type: "object", required: ["keys"], additionalProperties: false });
  expect(listUndescribed(schema)).toEqual([]);
});
