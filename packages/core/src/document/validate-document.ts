import type { z } from "zod";
import type { JsonValue } from "../vocabulary/json.ts";
import type { Problem } from "../vocabulary/problem.ts";
import { describeIssue, describePlace } from "./describe-issue.ts";
import { listFields } from "./list-fields.ts";
import { suggestRemedy } from "./suggest-remedy.ts";
import type { DocumentPath, YamlDocument } from "./yaml-document.ts";

/**
 * Checks a document against a schema and reports everything that is wrong, at once, each where it
 * stands. A schema's own error text is shown as it is; it may carry its remedy on a second line.
 * @param formerNames what fields are called now, by the way to them under the name that they had
 * @returns a value also when nothing but unknown fields is wrong, without them, so that what the
 *   schema cannot know can be checked in the same go.
 */
export function validateDocument<T>(
  document: YamlDocument,
  schema: z.ZodType<T>,
  formerNames: ReadonlyMap<string, string> = new Map(),
): { readonly value: T | undefined; readonly problems: readonly Problem[] } {
  // An empty message marks the issues for which the schema has no text of its own.
  const result = schema.safeParse(document.value, { error: () => "" });
  if (result.success) return { value: result.data, problems: [] };
  const problems = toSomeProblems(result.error.issues, { document, schema, formerNames });
  const known = withoutUnknownFields(document.value, result.error.issues);
  return { value: schema.safeParse(known).data, problems };
}

/** To say where each of thousands stands takes seconds, and nobody reads further. */
const MAX_PROBLEMS = 100;

function toSomeProblems(issues: readonly z.core.$ZodIssue[], check: Check): readonly Problem[] {
  const problems: Problem[] = [];
  for (const issue of issues) {
    if (problems.length > MAX_PROBLEMS) break;
    problems.push(...toProblems(issue, check));
  }
  const shown = problems.slice(0, MAX_PROBLEMS).toSorted(comparePositions);
  if (problems.length === shown.length) return shown;
  const message = `there are more than these ${MAX_PROBLEMS} problems in this file`;
  const remedy = "Correct those above first";
  const { file } = check.document;
  const position = shown.at(-1)?.position;
  return [...shown, { code: "invalid-value", message, remedy, file, position }];
}

function withoutUnknownFields(value: JsonValue, issues: readonly z.core.$ZodIssue[]): JsonValue {
  const known = structuredClone(value);
  for (const issue of issues) {
    if (issue.code !== "unrecognized_keys") continue;
    const parent = valueAt(known, toDocumentPath(issue.path));
    for (const name of issue.keys) Reflect.deleteProperty(Object(parent), name);
  }
  return known;
}

/** What a document is checked against. */
interface Check {
  readonly document: YamlDocument;
  readonly schema: z.core.$ZodType;
  readonly formerNames: ReadonlyMap<string, string>;
}

function toProblems(issue: z.core.$ZodIssue, check: Check, parent: DocumentPath = []): Problem[] {
  const { document } = check;
  const path = [...parent, ...toDocumentPath(issue.path)];
  const input = valueAt(document.value, path);
  if (issue.code === "invalid_union" && input !== undefined) {
    const branch = chooseBranch(issue.errors);
    if (branch) return branch.flatMap((inner) => toProblems(inner, check, path));
  }
  if (issue.code === "unrecognized_keys") {
    return issue.keys
      .slice(0, MAX_PROBLEMS + 1)
      .map((name) => unknownField(check, [...path, name]));
  }
  const what = describeIssue(issue, path, input);
  return [document.problem(path, what, issue.code === "invalid_key" ? "key" : "value")];
}

function unknownField({ document, schema, formerNames }: Check, path: DocumentPath): Problem {
  const fields = listFields(schema, path.slice(0, -1));
  const nameNow = formerNames.get(path.join("."));
  const name = String(path.at(-1));
  const place = describePlace(path.slice(0, -1));
  const removal =
    fields.length > 0 ? `Remove it; ${place} may have: ${fields.join(", ")}` : "Remove it";
  const remedy =
    nameNow === undefined ? suggestRemedy(name, fields, removal) : `It is called "${nameNow}" now`;
  return document.problem(
    path,
    { code: "unknown-field", message: `unknown field "${name}"`, remedy },
    "key",
  );
}

/**
 * The branch of a union that the user most likely meant: one of the right type, with the least
 * wrong inside. Undefined when the value has the right type for none.
 */
function chooseBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  return branches
    .filter((issues) => !issues.some((issue) => issue.path.length === 0 && isMismatch(issue)))
    .toSorted((a, b) => countMistakes(a) - countMistakes(b) || a.length - b.length)[0];
}

/** True when the value is not of this kind at all, rather than of this kind with a mistake in it. */
function isMismatch(issue: z.core.$ZodIssue): boolean {
  return issue.code === "invalid_type" || issue.code === "invalid_value";
}

/** Fields that are missing, unknown or wrong tell the branches apart; what is wrong in them does not. */
function countMistakes(issues: readonly z.core.$ZodIssue[]): number {
  return issues
    .filter(({ path }) => path.length <= 1)
    .reduce((sum, issue) => sum + ("keys" in issue ? issue.keys.length : 1), 0);
}

function toDocumentPath(path: readonly PropertyKey[]): DocumentPath {
  return path.map((name) => (typeof name === "symbol" ? String(name) : name));
}

function valueAt(value: JsonValue, path: DocumentPath): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const name of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Object.getOwnPropertyDescriptor(current, name)?.value;
  }
  return current;
}

function comparePositions(a: Problem, b: Problem): number {
  const [first, second] = [a.position, b.position];
  if (!first || !second) return 0;
  return first.line - second.line || first.column - second.column;
}
