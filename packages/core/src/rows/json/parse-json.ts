import type { JsonObject, JsonValue } from "../../vocabulary/json.ts";

/** Deeper nesting has no use in a row, and would exhaust the stack of whoever walks through it. */
const MAX_DEPTH = 64;

export class JsonTextError extends Error {
  override readonly name = "JsonTextError";
  /** Where in the text, in UTF-16 units; 0 where that is not known. */
  readonly position: number;

  constructor(message: string, position = 0, options?: ErrorOptions) {
    super(message, options);
    this.position = position;
  }
}

/**
 * Reads a JSON text into values without prototypes.
 * @throws JsonTextError also for what would not come out again as it came in: integers that a
 * number cannot hold exactly, and nesting beyond 64 levels
 */
export function parseJson(text: string): JsonValue {
  return withoutPrototypes(parse(text), 0);
}

export function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** False for integers that may have lost digits, and for what is too large to be a number at all. */
export function isExact(number: number): boolean {
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [message = "", position] = error.message.split(/ in JSON at position (\d+)/);
    throw new JsonTextError(message, Number(position ?? 0), { cause: error });
  }
}

function withoutPrototypes(value: JsonValue, depth: number): JsonValue {
  if (depth > MAX_DEPTH) throw new JsonTextError(`it is nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return value.map((item) => withoutPrototypes(item, depth + 1));
  if (isJsonObject(value)) {
    const bare: Record<string, JsonValue> = Object.create(null);
    for (const [name, item] of Object.entries(value))
      bare[name] = withoutPrototypes(item, depth + 1);
    return bare;
  }
  if (typeof value === "number" && !isExact(value)) {
    throw new JsonTextError(`the number ${value} cannot be kept exactly; write it as a string`);
  }
  return value;
}
