import type { z } from "zod";
import type { JsonValue } from "../vocabulary/json.ts";
import type { ProblemText } from "../vocabulary/problem.ts";
import { suggestRemedy } from "./suggest-remedy.ts";
import type { DocumentPath } from "./yaml-document.ts";

/** Puts an issue of a schema into words. Unknown fields and unions with a fitting branch come apart before. */
export function describeIssue(
  issue: z.core.$ZodIssue,
  path: DocumentPath,
  input: JsonValue | undefined,
): ProblemText {
  const place = describePlace(path);
  if (input === undefined) return describeMissing(issue, path);
  if (issue.message !== "") return splitMessage(issue.message);
  switch (issue.code) {
    case "invalid_type":
    case "invalid_union":
    case "invalid_value":
      return describeMismatch(issue, path, input);
    case "too_small":
      return describeRange(issue, issue.minimum, place);
    case "too_big":
      return describeRange(issue, issue.maximum, place);
    case "not_multiple_of":
      return invalid(`${place} must be a multiple of ${issue.divisor}`, "Change the number");
    case "invalid_format":
      return issue.pattern === undefined
        ? invalid(`${place} is not of the form "${issue.format}"`, "Correct it")
        : invalid(`${place} has the wrong form`, `Use text that matches ${issue.pattern}`);
    case "invalid_key": {
      const [inner] = issue.issues;
      return inner ? describeIssue(inner, path, String(path.at(-1))) : misfit(place);
    }
    case "unrecognized_keys":
    case "invalid_element":
    case "custom":
      return misfit(place);
  }
}

/** How a message speaks of a place: by the name of its field. */
export function describePlace(path: DocumentPath): string {
  const last = path.at(-1);
  if (last === undefined) return "the file";
  if (typeof last === "string") return `"${last}"`;
  const list = path.at(-2);
  return typeof list === "string" ? `entry ${last + 1} of "${list}"` : `entry ${last + 1}`;
}

function describeMissing(issue: z.core.$ZodIssue, path: DocumentPath): ProblemText {
  const name = path.at(-1) ?? "";
  const expected = listExpected(issue);
  return {
    code: "missing-field",
    message: `missing field "${name}"`,
    remedy: expected.length > 0 ? `Add "${name}": ${orList(expected)}` : `Add "${name}"`,
  };
}

function describeMismatch(
  issue: z.core.$ZodIssue,
  path: DocumentPath,
  input: JsonValue,
): ProblemText {
  const place = describePlace(path);
  const expected = listExpected(issue);
  if (expected.length === 0) return invalid(`${place} must not be here`, "Remove it");
  const values = listValues(issue);
  if (typeof input === "string" && values.length > 0) {
    const remedy = suggestRemedy(input, values.map(String), `Write ${orList(expected)}`);
    return invalid(`${place} cannot be ${quote(input)}`, remedy);
  }
  const message = `${place} must be ${orList(expected)}, not ${describeValue(input)}`;
  if (expected.includes("text") && (typeof input === "number" || typeof input === "boolean")) {
    return invalid(message, `Put it in quotes: "${input}"`);
  }
  if (typeof input === "string" && expected.some((type) => type.endsWith("number"))) {
    return invalid(message, "Write the number without quotes");
  }
  if (input !== null) return invalid(message, "Change it");
  const isWholeFile = path.length === 0;
  return invalid(
    message,
    isWholeFile ? "Write its fields, one a line" : "Give it a value, or remove the line",
  );
}

/** What would be right, in words: types and values, over all branches of a union. */
function listExpected(issue: z.core.$ZodIssue): string[] {
  const values = listValues(issue).map(quote);
  return [...new Set([...values, ...listTypes(issue)])];
}

function listTypes(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "invalid_union") return listAlternatives(issue).flatMap(listTypes);
  if (issue.code !== "invalid_type") return [];
  const { expected } = issue;
  return expected === "never" || expected === "undefined" ? [] : [TYPES[expected] ?? expected];
}

function listValues(issue: z.core.$ZodIssue): z.core.util.Primitive[] {
  if (issue.code === "invalid_value") return issue.values;
  if (issue.code !== "invalid_union") return [];
  const options = "options" in issue ? (issue.options ?? []) : [];
  return [...options, ...listAlternatives(issue).flatMap(listValues)];
}

/** What each branch of a union says of the value itself; paths within a union begin at its value. */
function listAlternatives(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] {
  return issue.errors.flat().filter(({ path }) => path.length === 0);
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of fields",
  record: "a map of fields",
  null: "empty",
};

function describeValue(value: JsonValue): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "text";
    case "object":
      return "a map of fields";
    default:
      return String(value);
  }
}

function describeRange(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  limit: number | bigint,
  place: string,
): ProblemText {
  const isLow = issue.code === "too_small";
  if (isLow && limit === 1 && issue.origin !== "number" && issue.origin !== "int") {
    const remedy = issue.origin === "string" ? "Write some text" : "Add an entry";
    return invalid(`${place} must not be empty`, remedy);
  }
  const [inclusive, exclusive] = isLow ? ["at least", "more than"] : ["at most", "less than"];
  const comparison = issue.inclusive === false ? exclusive : inclusive;
  switch (issue.origin) {
    case "string":
      return invalid(`${place} must have ${comparison} ${limit} characters`, "Change the text");
    case "array":
    case "object":
    case "record":
      return invalid(`${place} must have ${comparison} ${limit} entries`, "Change their number");
    default:
      return invalid(`${place} must be ${comparison} ${limit}`, "Change the number");
  }
}

function splitMessage(text: string): ProblemText {
  const [message = text, remedy = "Correct it"] = text.split("\n");
  return invalid(message, remedy);
}

function misfit(place: string): ProblemText {
  return invalid(`${place} does not fit here`, "Correct or remove it");
}

function invalid(message: string, remedy: string): ProblemText {
  return { code: "invalid-value", message, remedy };
}

function quote(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : String(value);
}

function orList(words: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(words);
}
