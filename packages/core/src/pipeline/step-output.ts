import type { DocumentPath } from "../document/yaml-document.ts";
import type { JsonObject } from "../vocabulary/json.ts";
import { compileSchema, findSchemaFaults } from "./compile-schema.ts";
import type { Place, StepOutput } from "./pipeline.ts";
import type { Report } from "./read-document.ts";
import { addImpliedTypes, isObject, isStrictSchema } from "./strict-schema.ts";

export const textOutput: StepOutput = { kind: "text", fields: [], check: () => [] };

export const jsonObjectOutput: StepOutput = {
  kind: "json-object",
  fields: [],
  check: (value) => (isObject(value) ? [] : ["must be object"]),
};

/**
 * The output of a step whose reply must satisfy a schema.
 * @param locate finds a part of the schema in the user's file
 */
export function createSchemaOutput(
  written: {
    readonly name: string;
    readonly schema: JsonObject;
    /** False when the provider is not to enforce it. */
    readonly strict?: boolean | undefined;
  },
  locate: (path: DocumentPath) => Place,
  report: Report,
): StepOutput | undefined {
  const faults = findSchemaFaults(written.schema);
  for (const { path, message } of faults) {
    report({
      code: "json-schema",
      message: `the JSON Schema is wrong here: ${message}`,
      remedy: "Correct it; see https://json-schema.org/understanding-json-schema",
      ...locate(path),
    });
  }
  if (faults.length > 0) return undefined;
  const schema = addImpliedTypes(written.schema);
  const { properties } = schema;
  return {
    kind: "json-schema",
    name: toSchemaName(written.name),
    schema,
    strict: written.strict !== false && isStrictSchema(schema),
    fields: isObject(properties) ? Object.keys(properties) : [],
    check: compileSchema(schema),
  };
}

/** OpenAI takes letters, digits, underscores and dashes, 64 at most. */
function toSchemaName(name: string): string {
  return name.replace(/[^\w-]/g, "_").slice(0, 64);
}
