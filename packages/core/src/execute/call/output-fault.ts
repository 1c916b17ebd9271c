import { explainExcess, type JsonBounds } from "../../vocabulary/json-bounds.ts";
import type { JsonValue } from "../../vocabulary/json.ts";
import { JsonTextError, parseJson } from "../../rows/json/parse-json.ts";
import type { StepOutput } from "../../pipeline/pipeline.ts";

/** The finish reason of a reply that was cut off at its longest. */
const CUT_OFF = "length";

/** A thousand times what steps ask for. How deep it may go is said where it is parsed. */
const OUTPUT_BOUNDS: JsonBounds = { length: 2 ** 20, values: 30_000, depth: Infinity };

/** At most so many complaints go into a row's error. */
const MAX_COMPLAINTS = 3;

/** Says what is wrong with a reply's text as the output of its step; undefined when nothing is. */
export function findOutputFault(
  output: StepOutput,
  text: string,
  finishReason: string,
): string | undefined {
  if (output.kind === "text") return undefined;
  const excess = explainExcess(text, OUTPUT_BOUNDS);
  if (excess !== undefined) return `the reply is too large to be checked: it ${excess}`;
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    if (error.isSyntax && finishReason === CUT_OFF) {
      return "the reply was cut off: raise maxOutputTokens";
    }
    return error.isSyntax
      ? `the reply is not JSON: ${error.message}`
      : `the reply cannot be kept as it is: ${error.message}`;
  }
  const complaints = output.check(value);
  if (complaints.length === 0) return undefined;
  return `the reply does not fit the schema: ${complaints.slice(0, MAX_COMPLAINTS).join("; ")}`;
}
