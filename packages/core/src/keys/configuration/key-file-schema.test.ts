import { expect, test } from "vitest";
import { keyFileJsonSchema } from "./key-file-schema.ts";

/** The paths of all fields, and whether they are described. */
function* listFields(schema: object, path = ""): Generator<[path: string, described: boolean]> {
  for (const [name, value] of Object.entries(schema)) {
    if (typeof value !== "object" || value === null) continue;
    const here = `${path}/${name}`;
    if (path.endsWith("/properties")) yield [here, "description" in value];
    yield* listFields(value, here);
  }
}

test("editors get a JSON Schema in which every field is described", () => {
  const schema = keyFileJsonSchema();
  expect(schema).toMatchObject({ type: "object", required: ["keys"], additionalProperties: false });
  const fields = [...listFields(schema)];
  expect(fields.length).toBeGreaterThan(10);
  expect(fields.filter(([, described]) => !described)).toEqual([]);
});
