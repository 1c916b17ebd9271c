import { parseDocument, stringify } from "yaml";
import { ProblemsError } from "../vocabulary/problem.ts";

const OPTIONS = { schema: "core", lineWidth: 0 } as const;

/**
 * Writes a value as YAML text, each field on a line of its own, so that a mistake in it can be
 * pointed at as in a file. Fields that are undefined are left out.
 * @param file what the text goes by in messages
 * @throws ProblemsError when YAML has no form for a part of it, such as a function
 */
export function writeYaml(value: unknown, file: string): string {
  try {
    const text = stringify(value, OPTIONS);
    return isReadAs(value, text) ? text : stringify(value, { ...OPTIONS, blockQuote: false });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `the object cannot be written as YAML: ${reason}`;
    const remedy = "Make it of plain objects, lists, texts, numbers, true, false and null";
    throw new ProblemsError([{ code: "yaml", message, remedy, file }], { cause });
  }
}

/** False where a text stands in a block that begins with a blank line: it loses its first spaces. */
function isReadAs(value: unknown, text: string): boolean {
  const document = parseDocument(text, { schema: "core" });
  return document.errors.length === 0 && JSON.stringify(document.toJS()) === JSON.stringify(value);
}
