import { isJsonObject, type JsonObject } from "../../vocabulary/json.ts";
import type { StepOutput } from "../pipeline.ts";
import type { Section } from "../section/section.ts";
import { compileSchema } from "./schema/compile-schema.ts";
import { findSchemaMistakes } from "./schema/find-schema-mistakes.ts";
import { addImpliedTypes, isStrictSchema } from "./strict-schema.ts";

export const textOutput: StepOutput = { kind: "text", fields: [], check: () => [] };

export const jsonObjectOutput: StepOutput = {
  kind: "json-object",
  fields: [],
  check: (value) => (isJsonObject(value) ? [] : ["must be object"]),
};

/**
 * The output of a step whose reply must satisfy a schema.
 * @param section where the schema stands; what is wrong with it is reported there
 * @returns undefined when the schema is wrong
 */
export function createSchemaOutput(
  written: {
    readonly name: string;
    readonly schema: JsonObject;
    /** False when the provider is not to enforce it. */
    readonly strict?: boolean | undefined;
  },
  section: Section,
): StepOutput | undefined {
  const mistakes = findSchemaMistakes(written.schema);
  for (const { path, message } of mistakes) {
    section.at(...path).report({
      code: "json-schema",
      message: `the JSON Schema is wrong here: ${message}`,
      remedy: "Correct it; see https://json-schema.org/understanding-json-schema",
    });
  }
  if (mistakes.length > 0) return undefined;
  const schema = addImpliedTypes(written.schema);
  const { properties } = schema;
  return {
    kind: "json-schema",
    name: toSchemaName(written.name),
    schema,
    strict: written.strict !== false && isStrictSchema(schema),
    fields: isJsonObject(properties) ? Object.keys(properties) : [],
    check: compileSchema(schema),
  };
}

/** OpenAI takes letters, digits, underscores and dashes, 64 at most. */
function toSchemaName(name: string): string {
  return name.replace(/[^\w-]/g, "_").slice(0, 64);
}
