import { drawInteger, type Random } from "../random.ts";
import { UnsupportedSchemaError, type SchemaNode } from "./schema-node.ts";

/** How far a number may be from the one bound it has, or from zero. */
const DEFAULT_RANGE = 100;
/** Numbers that are not whole have two decimals, where the bounds leave room for them. */
const DEFAULT_STEP = 0.01;

/** A number within the schema's bounds. */
export function sampleNumber(
  schema: SchemaNode,
  type: "integer" | "number",
  random: Random,
): number {
  const least = Math.max(schema.minimum ?? -Infinity, schema.exclusiveMinimum ?? -Infinity);
  const most = Math.min(schema.maximum ?? Infinity, schema.exclusiveMaximum ?? Infinity);
  const from = least > -Infinity ? least : Math.min(0, most - DEFAULT_RANGE);
  const to = most < Infinity ? most : Math.max(from, 0) + DEFAULT_RANGE;
  const step = schema.multipleOf ?? (type === "integer" ? 1 : DEFAULT_STEP);

  const isAllowed = (value: number) =>
    value >= from &&
    value <= to &&
    value !== schema.exclusiveMinimum &&
    value !== schema.exclusiveMaximum &&
    (type === "number" || Number.isInteger(value));
  let first = Math.ceil(from / step);
  let last = Math.floor(to / step);
  if (!isAllowed(roundStep(first, step))) first += 1;
  if (!isAllowed(roundStep(last, step))) last -= 1;
  if (first <= last) {
    const value = roundStep(drawInteger(random, first, last), step);
    if (isAllowed(value)) return value;
  }
  const middle = from + (to - from) / 2;
  if (schema.multipleOf === undefined && isAllowed(middle)) return middle;
  throw new UnsupportedSchemaError("no number was found between its bounds");
}

/** The multiple without the noise of binary fractions: 0.29, not 0.28999999999999998. */
function roundStep(count: number, step: number): number {
  return Number((count * step).toPrecision(15));
}
