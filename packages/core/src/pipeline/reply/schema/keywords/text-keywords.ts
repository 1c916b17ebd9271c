import { Test } from "typebox/format";
import type { JsonValue } from "../../../../vocabulary/json.ts";
import type { Evaluation } from "../evaluation.ts";
import { LinearPattern } from "../linear-pattern.ts";
import type { Keywords } from "./keyword.ts";
import { toText } from "./operand.ts";

/** UTF-16 units. Nothing that has a format is longer, and some formats are looked at twice and more. */
const MAX_FORMATTED_LENGTH = 10_000;
/** UTF-16 units that are counted, or compared with a format, in the time of a step. */
const UNITS_A_STEP = 8;

export const textKeywords: Keywords = {
  minLength: (operand) => {
    const least = Number(operand);
    return onText((text, evaluation) => {
      // A character has one or two units.
      const fits =
        text.length >= least &&
        (text.length >= 2 * least || countCharacters(text, evaluation) >= least);
      return fits || evaluation.complain(`must not have fewer than ${least} characters`);
    });
  },
  maxLength: (operand) => {
    const most = Number(operand);
    return onText((text, evaluation) => {
      const fits =
        text.length <= most ||
        (text.length <= 2 * most && countCharacters(text, evaluation) <= most);
      return fits || evaluation.complain(`must not have more than ${most} characters`);
    });
  },
  pattern: (operand) => {
    const pattern = new LinearPattern(toText(operand));
    return onText((text, evaluation) => {
      evaluation.spend(pattern.boundSteps(text));
      return pattern.test(text) || evaluation.complain(`must match ${pattern.source}`);
    });
  },
  format: (operand) => {
    const format = toText(operand);
    return onText((text, evaluation) => {
      evaluation.spend(text.length / UNITS_A_STEP);
      const fits = text.length <= MAX_FORMATTED_LENGTH && Test(format, text);
      return fits || evaluation.complain(`must match format "${format}"`);
    });
  },
};

function onText(check: (text: string, evaluation: Evaluation) => boolean) {
  return (value: JsonValue, evaluation: Evaluation) =>
    typeof value !== "string" || check(value, evaluation);
}

/** Characters of Unicode, as JSON has them: those beyond the first 65,536 have two units. */
function countCharacters(text: string, evaluation: Evaluation): number {
  evaluation.spend(text.length / UNITS_A_STEP);
  let count = text.length;
  for (let at = 0; at < text.length; at += 1) {
    if ((text.codePointAt(at) ?? 0) <= 0xff_ff) continue;
    count -= 1;
    at += 1;
  }
  return count;
}
