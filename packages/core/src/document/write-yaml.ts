import { parse, stringify } from "yaml";
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
    // A text in a block loses its first spaces where its first line is blank: then none stands in one.
    const isKept = JSON.stringify(parse(text, { schema: "core" })) === JSON.stringify(value);
    return isKept ? text : stringify(value, { ...OPTIONS, blockQuote: false });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `the object cannot be written as YAML: ${reason}`;
    const remedy = "Make it of plain objects, lists, texts, numbers, true, false and null";
    throw new ProblemsError([{ code: "yaml", message, remedy, file }], { cause });
  }
}
