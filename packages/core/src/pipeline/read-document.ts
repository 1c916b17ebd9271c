import type { z } from "zod";
import { readTextFile } from "../document/read-text-file.ts";
import { readYaml } from "../document/read-yaml.ts";
import { validateDocument } from "../document/validate-document.ts";
import type { YamlDocument } from "../document/yaml-document.ts";
import { ProblemsError } from "../vocabulary/problem.ts";
import type { Problem } from "../vocabulary/problem.ts";

export type Report = (problem: Problem) => void;

/**
 * Reads a YAML file and checks its shape. Unknown fields are reported and then overlooked, so that
 * everything else can be checked in the same go.
 * @returns no value when the shape is too wrong to go on
 * @throws ProblemsError when the file is unreadable or no YAML
 */
export function readDocument<T>(
  file: string,
  schema: z.ZodType<T>,
  report: Report,
): { readonly document: YamlDocument; readonly written: T | undefined } {
  const document = readYaml(readTextFile(file), file);
  const { value, problems } = validateDocument(document, schema);
  problems.forEach(report);
  return { document, written: value ?? parseKnownFields(document, schema) };
}

function parseKnownFields<T>(document: YamlDocument, schema: z.ZodType<T>): T | undefined {
  const value: unknown = structuredClone(document.value);
  for (const issue of schema.safeParse(value).error?.issues ?? []) {
    if (issue.code !== "unrecognized_keys") return undefined;
    const parent = issue.path.reduce(readOwnProperty, value);
    for (const name of issue.keys) Reflect.deleteProperty(Object(parent), name);
  }
  return schema.safeParse(value).data;
}

function readOwnProperty(parent: unknown, name: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(Object(parent), name)?.value;
}

/** Like `action`, but problems that it throws are reported; then it has no result. */
export function reportThrown<T>(action: () => T, report: Report): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    error.problems.forEach(report);
    return undefined;
  }
}
