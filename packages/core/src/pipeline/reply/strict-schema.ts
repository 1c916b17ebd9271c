import { isJsonObject, type JsonObject, type JsonValue } from "../../vocabulary/json.ts";

/**
 * Keywords that OpenAI can hold a model to while it writes (structured outputs, `strict: true`).
 * A schema with any other is still checked here when the reply is there.
 */
const ENFORCED_KEYWORDS = new Set(
  (
    "$defs $ref $schema additionalProperties anyOf const description enum exclusiveMaximum " +
    "exclusiveMinimum format items maxItems maximum minItems minimum multipleOf pattern " +
    "properties required title type"
  ).split(" "),
);

/**
 * Whether a provider can enforce the schema: an object at the root, every object closed and all its
 * properties required, everything typed, and no keyword beyond the enforced ones.
 */
export function isStrictSchema(schema: JsonObject): boolean {
  return schema["type"] === "object" && isStrict(schema);
}

function isStrict(schema: JsonValue): boolean {
  if (!isJsonObject(schema)) return false;
  if (Object.keys(schema).some((keyword) => !ENFORCED_KEYWORDS.has(keyword))) return false;
  if (!["type", "anyOf", "$ref"].some((keyword) => keyword in schema)) return false;
  return isClosed(schema) && listSubschemas(schema).every(isStrict);
}

function isClosed({ type, properties = {}, required, additionalProperties }: JsonObject): boolean {
  if (type !== "object" && !(Array.isArray(type) && type.includes("object"))) return true;
  const names = Array.isArray(required) ? required : [];
  return (
    additionalProperties === false &&
    isJsonObject(properties) &&
    Object.keys(properties).every((name) => names.includes(name))
  );
}

function listSubschemas({ properties, $defs, items, anyOf }: JsonObject): readonly JsonValue[] {
  return [
    ...(isJsonObject(properties) ? Object.values(properties) : []),
    ...(isJsonObject($defs) ? Object.values($defs) : []),
    ...(items === undefined ? [] : [items]),
    ...(Array.isArray(anyOf) ? anyOf : []),
  ];
}

/**
 * Adds the `type` that the values of an `enum` or `const` imply. People leave it out, JSON Schema
 * does not need it, and OpenAI refuses a strict schema without it.
 */
export function addImpliedTypes(schema: JsonObject): JsonObject {
  const { properties, $defs, items, anyOf } = schema;
  return {
    ...impliedType(schema),
    ...schema,
    ...(isJsonObject(properties) && { properties: mapValues(properties, addToSubschema) }),
    ...(isJsonObject($defs) && { $defs: mapValues($defs, addToSubschema) }),
    ...(items !== undefined && { items: addToSubschema(items) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map(addToSubschema) }),
  };
}

function addToSubschema(schema: JsonValue): JsonValue {
  return isJsonObject(schema) ? addImpliedTypes(schema) : schema;
}

function impliedType(schema: JsonObject): JsonObject {
  const { enum: allowed, const: only } = schema;
  const values = Array.isArray(allowed) ? allowed : only === undefined ? [] : [only];
  const types = new Set(values.map((value) => typeof value));
  const [type = "object"] = types;
  const isPlain = type === "string" || type === "number" || type === "boolean";
  return types.size === 1 && isPlain ? { type } : {};
}

function mapValues(object: JsonObject, convert: (value: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, convert(value)]));
}
