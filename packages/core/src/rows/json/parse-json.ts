import { isJsonObject, type JsonValue } from "../../vocabulary/json.ts";

/** Deeper nesting has no use in a row, and would exhaust the stack of whoever walks through it. */
const MAX_DEPTH = 64;

export class JsonTextError extends Error {
  override readonly name = "JsonTextError";
  /** Where in the text, in UTF-16 units; 0 where that is not known. */
  readonly position: number;
  /** False for JSON that is right, and would not come out again as it came in. */
  readonly isSyntax: boolean;

  constructor(
    message: string,
    { position = 0, isSyntax = false }: { position?: number; isSyntax?: boolean } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.position = position;
    this.isSyntax = isSyntax;
  }
}

/**
 * Reads a JSON text into values without prototypes.
 * @throws JsonTextError also for what would not come out again as it came in: integers that a
 * number cannot hold exactly, and nesting beyond 64 levels
 */
export function parseJson(text: string): JsonValue {
  try {
    return withoutPrototypes(parse(text), 0);
  } catch (error) {
    if (!(error instanceof InexactNumberError)) throw error;
    const { digits, position } = findDigits(text, error.number);
    const message = `the number ${digits} cannot be kept exactly; write it as a string`;
    throw new JsonTextError(message, { position }, { cause: error });
  }
}

/** A number that JavaScript has rounded, or holds as infinite. */
class InexactNumberError extends Error {
  readonly number: number;

  constructor(number: number) {
    super(`${number} is not exact`);
    this.number = number;
  }
}

/** How the number is written; the first that is rounded to it will do. */
function findDigits(text: string, number: number): { digits: string; position: number } {
  for (const { 0: digits, index } of text.matchAll(/-?\d[\d.eE+-]{2,}/g)) {
    if (Number(digits) === number) return { digits, position: index };
  }
  return { digits: String(number), position: 0 };
}

/** False for integers that may have lost digits, and for what is too large to be a number at all. */
export function isExact(number: number): boolean {
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
}

/** The engine shows a few letters of the text, and may cut through a secret. */
const SHOWN_PIECE = /, (?:\.\.\.)?"[^]*"(?:\.\.\.)? is not valid JSON$/;

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [message = "", position] = error.message
      .replace(SHOWN_PIECE, "")
      .split(/ in JSON at position (\d+)/);
    throw new JsonTextError(
      message,
      { position: Number(position ?? 0), isSyntax: true },
      { cause: error },
    );
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
    throw new InexactNumberError(value);
  }
  return value;
}
