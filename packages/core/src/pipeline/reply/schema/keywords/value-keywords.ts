import { isJsonArray, isJsonObject, type JsonValue } from "../../../../vocabulary/json.ts";
import { type Check, Evaluation } from "../evaluation.ts";
import { quoteValues } from "../quote.ts";
import { ValueSet } from "../value-set.ts";
import type { Keywords } from "./keyword.ts";
import { toArray, toText, toTexts } from "./operand.ts";

const TYPES: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  array: isJsonArray,
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
  null: (value) => value === null,
  number: (value) => typeof value === "number",
  object: isJsonObject,
  string: (value) => typeof value === "string",
};

/** Keywords for values of every kind. */
export const valueKeywords: Keywords = {
  type: (operand) => {
    const names = isJsonArray(operand) ? toTexts(operand) : [toText(operand)];
    const tests = names.map((name) => TYPES[name] ?? (() => false));
    const complaint = `must be ${names.length > 1 ? "either " : ""}${names.join(" or ")}`;
    return (value, evaluation) =>
      tests.some((test) => test(value)) || evaluation.complain(complaint);
  },
  enum: (operand) => allowOnly(toArray(operand), "must be one of"),
  const: (operand) => allowOnly([operand], "must be"),
};

function allowOnly(values: readonly JsonValue[], must: string): Check {
  const allowed = new ValueSet();
  for (const value of values) allowed.add(value, new Evaluation(false));
  const complaint = `${must} ${quoteValues(values)}`;
  return (value, evaluation) => allowed.has(value, evaluation) || evaluation.complain(complaint);
}
