import { Compile, Errors, Meta } from "typebox/schema";
import type { DocumentPath } from "../../document/yaml-document.ts";
import type { JsonObject, JsonValue } from "../../vocabulary/json.ts";
import { countUnbounded, LinearPattern } from "./linear-pattern.ts";
import { isObject } from "./strict-schema.ts";

export interface SchemaMistake {
  /** Where in the schema. */
  readonly path: DocumentPath;
  readonly message: string;
}

const metaSchema = Meta["https://json-schema.org/draft/2020-12/schema"];

/** What is wrong with a JSON Schema itself; the compiler would take most of it for "anything goes". */
export function findSchemaMistakes(schema: JsonObject): SchemaMistake[] {
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
  const mistakes = innermost.map(([path, message]) => ({ path: readPointer(path), message }));
  return [
    ...mistakes,
    ...findBrokenReferences(schema, schema, []),
    ...(mistakes.length === 0 ? findBrokenPatterns(schema, []) : []),
  ];
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

/** Patterns that cannot be run in bounded time. */
function findBrokenPatterns(
  value: JsonValue | undefined,
  path: DocumentPath,
  areNames = false,
): SchemaMistake[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => findBrokenPatterns(item, [...path, index]));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const place = [...path, name];
    if (areNames) return findBrokenPatterns(child, place);
    if (DATA.has(name)) return [];
    if (name === "pattern" && typeof child === "string") return describePattern(child, place);
    const names = name === "patternProperties" && isObject(child) ? Object.keys(child) : [];
    return [
      ...names.flatMap((pattern) => describeNamePattern(pattern, [...place, pattern])),
      ...findBrokenPatterns(child, place, NAMED.has(name)),
    ];
  });
}

function describePattern(pattern: string, path: DocumentPath): SchemaMistake[] {
  const reason = LinearPattern.explainRefusal(pattern);
  if (reason === undefined) return [];
  return [{ path, message: `this pattern cannot be run in bounded time (${reason})` }];
}

/** Names are matched by JavaScript's own engine: only patterns that cannot make it slow are taken. */
function describeNamePattern(pattern: string, path: DocumentPath): SchemaMistake[] {
  if (countUnbounded(pattern) <= 1) return [];
  const message = "a pattern of names may repeat one part without bound, and this repeats more";
  return [{ path, message }];
}

function findBrokenReferences(
  value: JsonValue | undefined,
  root: JsonObject,
  path: DocumentPath,
): SchemaMistake[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => findBrokenReferences(item, root, [...path, index]));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    if (name === "$ref" && typeof child === "string" && !resolves(child, root)) {
      return [{ path: [...path, name], message: `nothing in this schema is at "${child}"` }];
    }
    return findBrokenReferences(child, root, [...path, name]);
  });
}

function resolves(reference: string, root: JsonObject): boolean {
  if (reference !== "#" && !reference.startsWith("#/")) return false;
  const target = readPointer(reference.slice(1)).reduce<JsonValue | undefined>(
    (parent, name) => Object.getOwnPropertyDescriptor(Object(parent), name)?.value,
    root,
  );
  return target !== undefined;
}

/** @see https://www.rfc-editor.org/rfc/rfc6901 */
function readPointer(pointer: string): string[] {
  const names = pointer.split("/").slice(1);
  return names.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/**
 * Compiles a schema without mistakes.
 * @returns a function that says what is wrong with a value, a line each
 */
export function compileSchema(schema: JsonObject): (value: JsonValue) => string[] {
  const validator = Compile(withLinearPatterns(schema));
  return (value) => {
    try {
      return validator.Check(value) ? [] : describeErrors(validator.Errors(value)[1]);
    } catch (error) {
      // A recursive schema follows a value as deep as it goes, and replies may go very deep.
      if (error instanceof RangeError) return ["is nested too deeply to be checked"];
      throw error;
    }
  };
}

/** The same schema, with what runs its patterns in their place. */
function withLinearPatterns(schema: JsonObject): object {
  const convert = (value: JsonValue, areNames = false): unknown => {
    if (Array.isArray(value)) return value.map((item: JsonValue) => convert(item));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([name, child]) => {
      if (areNames) return [name, convert(child)];
      if (DATA.has(name)) return [name, child];
      if (name === "pattern" && typeof child === "string") return [name, new LinearPattern(child)];
      return [name, convert(child, NAMED.has(name))];
    });
    return Object.fromEntries(entries);
  };
  return Object(convert(schema));
}

function describeErrors(errors: ReturnType<typeof Errors>[1]): string[] {
  // "schema is false" says again what a neighbour says in words.
  const telling = errors.filter(({ keyword }) => keyword !== "boolean");
  const lines = (telling.length > 0 ? telling : errors).map((error) => {
    const place = readPointer(error.instancePath).join(".");
    return place === "" ? describeError(error) : `${place} ${describeError(error)}`;
  });
  return [...new Set(lines)];
}

function describeError({ keyword, params, message }: ReturnType<typeof Errors>[1][number]): string {
  if (keyword === "enum") return `must be one of ${list(params.allowedValues)}`;
  if (keyword === "const") return `must be ${list([params.allowedValue])}`;
  if (keyword === "required") return `must have ${list(params.requiredProperties)}`;
  if (keyword === "additionalProperties") {
    return `must not have ${list(params.additionalProperties)}`;
  }
  if (keyword === "pattern") {
    const { pattern } = params;
    return `must match ${pattern instanceof RegExp ? pattern.source : pattern}`;
  }
  return message;
}

function list(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(", ");
}
