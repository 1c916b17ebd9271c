import { drawInteger, type Random } from "../random.ts";
import { composeLabel, composeText } from "./compose-text.ts";
import { UnsupportedSchemaError, type SchemaNode } from "./schema-node.ts";

/** Properties whose names promise more than a word or two. */
const PROSE_NAME =
  /answer|body|comment|content|description|draft|explanation|message|note|reason|reply|summary|text/i;

/** A string of the schema's format and length. `name` is the property's, for its likely meaning. */
export function sampleString(schema: SchemaNode, name: string, random: Random): string {
  const { minLength = 0, maxLength = Infinity } = schema;
  const text = schema.format ? sampleFormat(schema.format, random) : undefined;
  if (text !== undefined) {
    if (text.length >= minLength && text.length <= maxLength) return text;
    throw new UnsupportedSchemaError(`no '${schema.format}' has the length it asks for`);
  }
  const isProse = PROSE_NAME.test(name) || minLength > 0;
  const words = isProse ? composeText(random, minLength) : composeLabel(random);
  return words.slice(0, maxLength);
}

/** Undefined for formats that any text will do for. */
function sampleFormat(format: string, random: Random): string | undefined {
  const digits = (least: number, most: number) =>
    String(drawInteger(random, least, most)).padStart(2, "0");
  const hex = (length: number) =>
    Array.from({ length }, () => drawInteger(random, 0, 15).toString(16)).join("");
  const date = () => `20${digits(20, 29)}-${digits(1, 12)}-${digits(1, 28)}`;
  const time = () => `${digits(0, 23)}:${digits(0, 59)}:${digits(0, 59)}Z`;
  switch (format) {
    case "date":
      return date();
    case "time":
      return time();
    case "date-time":
      return `${date()}T${time()}`;
    case "duration":
      return `PT${drawInteger(random, 1, 59)}M`;
    case "email":
      return `person-${hex(4)}@example.com`;
    case "hostname":
      return `host-${hex(4)}.example.com`;
    case "ipv4":
      return `192.0.2.${drawInteger(random, 1, 254)}`;
    case "ipv6":
      return `2001:db8::${drawInteger(random, 1, 9)}${hex(3)}`;
    case "uri":
      return `https://example.com/${hex(8)}`;
    case "uuid":
      return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
    default:
      return undefined;
  }
}
