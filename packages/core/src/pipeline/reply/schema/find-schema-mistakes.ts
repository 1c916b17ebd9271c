import { Errors, Meta } from "typebox/schema";
import type { DocumentPath } from "../../../document/yaml-document.ts";
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../../vocabulary/json.ts";
import { readPointer, resolveReference } from "./json-pointer.ts";
import { LinearPattern } from "./linear-pattern.ts";

export interface SchemaMistake {
  /** Where in the schema. */
  readonly path: DocumentPath;
  readonly message: string;
}

const metaSchema = Meta["https://json-schema.org/draft/2020-12/schema"];

/** What is wrong with a JSON Schema itself; the compiler would take most of it for "anything goes". */
export function findSchemaMistakes(schema: JsonObject): SchemaMistake[] {
  const mistakes = findBrokenRules(schema);
  const keywords = [...listKeywords(schema, [])];
  return [
    ...mistakes,
    ...keywords.flatMap((keyword) => explainReference(keyword, schema)),
    ...(mistakes.length === 0 ? keywords.flatMap(explainPatterns) : []),
  ];
}

function findBrokenRules(schema: JsonObject): SchemaMistake[] {
  const [, errors] = Errors(metaSchema, schema);
  const byPath = new Map<string, string>();
  for (const error of errors) {
    // One mistake breaks several rules of the meta-schema; the first says it best.
    if (!byPath.has(error.instancePath)) byPath.set(error.instancePath, describeError(error));
  }
  // It is then also said of everything around it that it does not fit.
  const innermost = [...byPath].filter(
    ([path]) => !byPath.keys().some((other) => other.startsWith(`${path}/`)),
  );
  return innermost.map(([path, message]) => ({ path: readPointer(path), message }));
}

function describeError({ keyword, params, message }: ReturnType<typeof Errors>[1][number]): string {
  if (keyword !== "enum") return message;
  const allowed = params.allowedValues.map((value) => JSON.stringify(value));
  return `must be one of ${allowed.join(", ")}`;
}

interface WrittenKeyword {
  readonly name: string;
  readonly operand: JsonValue;
  readonly path: DocumentPath;
}

/** Keywords whose values are data, and those whose names are names. */
const DATA = new Set(["const", "enum", "default", "examples"]);
const NAMED = new Set([
  "properties",
  "$defs",
  "definitions",
  "patternProperties",
  "dependentSchemas",
]);

/** All keywords of a schema and of those inside it. */
function* listKeywords(
  value: JsonValue,
  path: DocumentPath,
  areNames = false,
): Generator<WrittenKeyword> {
  if (isJsonArray(value)) {
    for (const [index, item] of value.entries()) yield* listKeywords(item, [...path, index]);
  }
  if (!isJsonObject(value)) return;
  for (const [name, operand] of Object.entries(value)) {
    const place = [...path, name];
    if (!areNames) yield { name, operand, path: place };
    if (areNames || !DATA.has(name))
      yield* listKeywords(operand, place, !areNames && NAMED.has(name));
  }
}

function explainReference(
  { name, operand, path }: WrittenKeyword,
  root: JsonObject,
): SchemaMistake[] {
  if (name === "$dynamicRef" || name === "$recursiveRef") {
    return [{ path, message: `${name} is not followed; write $ref` }];
  }
  if (name !== "$ref" || typeof operand !== "string") return [];
  if (resolveReference(operand, root) !== undefined) return [];
  return [{ path, message: `nothing in this schema is at "${operand}"` }];
}

/** Patterns that cannot be run in bounded time. */
function explainPatterns({ name, operand, path }: WrittenKeyword): SchemaMistake[] {
  if (name === "pattern" && typeof operand === "string") return explainPattern(operand, path);
  if (name !== "patternProperties" || !isJsonObject(operand)) return [];
  return Object.keys(operand).flatMap((pattern) => explainPattern(pattern, [...path, pattern]));
}

function explainPattern(pattern: string, path: DocumentPath): SchemaMistake[] {
  const reason = LinearPattern.explainRefusal(pattern);
  if (reason === undefined) return [];
  return [{ path, message: `this pattern cannot be run in bounded time (${reason})` }];
}
