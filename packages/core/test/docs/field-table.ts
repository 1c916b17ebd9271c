import { z } from "zod";

/** The part of a JSON Schema that a reader of the reference is told. */
const schemaNode = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.string()).optional(),
  description: z.string().optional(),
  default: z.json().optional(),
  required: z.array(z.string()).default([]),
  get properties() {
    return z.record(z.string(), schemaNode).optional();
  },
  get items() {
    return schemaNode.optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), schemaNode]).optional();
  },
});

type SchemaNode = z.output<typeof schemaNode>;

/** A table for each object in a JSON Schema that names its fields, by the path that leads there. */
export function writeFieldTables(name: string, schema: object): Map<string, string> {
  return new Map(listObjects(name, schemaNode.parse(schema)));
}

function* listObjects(path: string, node: SchemaNode): Generator<[path: string, table: string]> {
  const { properties, items, additionalProperties } = node;
  if (properties) yield [path, writeTable(node, properties)];
  for (const [name, field] of Object.entries(properties ?? {})) {
    yield* listObjects(`${path}.${name}`, field);
  }
  if (items) yield* listObjects(path, items);
  if (typeof additionalProperties === "object") yield* listObjects(path, additionalProperties);
}

function writeTable({ required }: SchemaNode, properties: Record<string, SchemaNode>): string {
  const rows = Object.entries(properties).map(([name, field]) => {
    const { meaning, fallback } = describeField(field);
    const absence = required.includes(name) ? "**required**" : fallback;
    return [`\`${name}\``, nameType(field), absence, meaning];
  });
  return [["field", "type", "default", "meaning"], ["---", "---", "---", "---"], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |\n`)
    .join("");
}

/** Descriptions end with what holds when the field is left out, unless the schema itself says it. */
function describeField({ description = "", default: value }: SchemaNode) {
  const [meaning = "", written = ""] = description.split(/ ?Default: (.+)\.$/);
  const isPlain = typeof value === "string" || typeof value === "number";
  return { meaning, fallback: isPlain ? `\`${value}\`` : written };
}

function nameType({ type = "any", enum: values, items, additionalProperties }: SchemaNode): string {
  if (values) return values.map((value) => `\`${value}\``).join(", ");
  if (items) return `list of ${nameType(items)}`;
  if (typeof additionalProperties === "object") return "map";
  return Array.isArray(type) ? type.join(" or ") : type;
}
