import type { JsonValue } from "../../vocabulary/json.ts";
import { JsonTextError, parseJson } from "../../rows/json/parse-json.ts";
import type { StepOutput } from "../../pipeline/pipeline.ts";

/** The finish reason of a reply that was cut off at its longest. */
const CUT_OFF = "length";

/** At most so many complaints go into a row's error. */
const MAX_COMPLAINTS = 3;

/** Says what is wrong with a reply's text as the output of its step; undefined when nothing is. */
export function findOutputFault(
  output: StepOutput,
  text: string,
  finishReason: string,
): string | undefined {
  if (output.kind === "text") return undefined;
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
