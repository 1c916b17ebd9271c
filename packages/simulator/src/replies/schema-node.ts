import { z } from "zod";

/** One level of a JSON Schema, as far as replies are made from it. */
const schemaNode = z.object({
  $ref: z.string().optional(),
  anyOf: z.array(z.unknown()).nonempty().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).nonempty().optional(),
  type: z.union([z.string(), z.array(z.string()).nonempty()]).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  minItems: z.number().int().min(0).optional(),
  maxItems: z.number().int().min(0).optional(),
  uniqueItems: z.boolean().optional(),
  minLength: z.number().int().min(0).optional(),
  maxLength: z.number().int().min(0).optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  multipleOf: z.number().positive().optional(),
});
export type SchemaNode = z.output<typeof schemaNode>;

/** Keywords that restrict a value in a way that replies do not honour: better refused than broken. */
const UNSUPPORTED_KEYWORDS = [
  "$dynamicRef",
  "allOf",
  "contains",
  "dependencies",
  "dependentRequired",
  "dependentSchemas",
  "else",
  "if",
  "maxProperties",
  "minProperties",
  "not",
  "oneOf",
  "pattern",
  "patternProperties",
  "prefixItems",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
] as const;

/** What may stand beside `$ref` or `anyOf`, because it restricts nothing. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  "$comment",
  "$defs",
  "$id",
  "$schema",
  "default",
  "definitions",
  "deprecated",
  "description",
  "examples",
  "title",
]);

/** The schema is wrong, has no value, or asks for more than the simulator can make. */
export class UnsupportedSchemaError extends Error {
  override readonly name = "UnsupportedSchemaError";
}

/** @throws UnsupportedSchemaError when the level is malformed or has a keyword that is not honoured. */
export function readSchemaNode(value: unknown): SchemaNode {
  if (value === true || value === undefined) return {};
  const result = schemaNode.safeParse(value);
  if (!result.success || typeof value !== "object" || value === null) {
    throw new UnsupportedSchemaError("a part of it is not a schema, or allows no value", {
      cause: result.error,
    });
  }
  const keyword = UNSUPPORTED_KEYWORDS.find((name) => Object.hasOwn(value, name));
  if (keyword) throw new UnsupportedSchemaError(`'${keyword}' is not permitted`);
  for (const name of ["$ref", "anyOf"] as const) {
    if (!Object.hasOwn(value, name)) continue;
    const sibling = Object.keys(value).find((key) => key !== name && !ANNOTATIONS.has(key));
    if (sibling) throw new UnsupportedSchemaError(`'${sibling}' is not permitted beside '${name}'`);
  }
  return result.data;
}

/**
 * What a reference inside the same schema points to, such as `#/$defs/item`.
 * @throws UnsupportedSchemaError when it points elsewhere, or to nothing.
 */
export function resolveReference(root: unknown, reference: string): unknown {
  const [document, ...steps] = reference.split("/");
  if (document !== "#") throw new UnsupportedSchemaError(`'${reference}' points outside of it`);
  return steps.reduce((value: unknown, step) => {
    const name = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    const isHolder = typeof value === "object" && value !== null && Object.hasOwn(value, name);
    if (!isHolder) throw new UnsupportedSchemaError(`'${reference}' points to nothing`);
    return Reflect.get(value, name);
  }, root);
}
