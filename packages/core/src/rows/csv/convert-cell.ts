import type { ColumnType } from "../../vocabulary/column-type.ts";
import type { JsonValue } from "../../vocabulary/json.ts";
import { isExact, parseJson } from "../json/parse-json.ts";

/**
 * Reads a CSV cell as its column's type says. An empty cell that is not a string is null.
 * @returns undefined when the text is not of that type
 */
export function convertCell(text: string, type: ColumnType): JsonValue | undefined {
  if (type === "string") return text;
  if (text.trim() === "") return null;
  switch (type) {
    case "number":
      return convertNumber(text.trim());
    case "boolean":
      return BOOLEANS.get(text.trim().toLowerCase());
    case "json":
      try {
        return parseJson(text);
      } catch {
        return undefined;
      }
  }
}

const BOOLEANS = new Map([
  ["true", true],
  ["false", false],
]);

/** As JSON has numbers, but with leading zeros and plus signs, which exports have. */
function convertNumber(text: string): number | undefined {
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined;
  const number = Number(text);
  return isExact(number) ? number : undefined;
}
