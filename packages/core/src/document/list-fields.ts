import { z } from "zod";
import type { DocumentPath } from "./yaml-document.ts";

type Schema = z.core.$ZodType;

/** The names of the fields that a schema knows at a path, over all branches of its unions. */
export function listFields(schema: Schema, path: DocumentPath): string[] {
  let schemas = unwrap(schema);
  for (const name of path) {
    schemas = schemas.flatMap((parent) => enter(parent, name)).flatMap(unwrap);
  }
  return [
    ...new Set(
      schemas.flatMap((each) => (each instanceof z.ZodObject ? Object.keys(each.shape) : [])),
    ),
  ];
}

/** What stands behind optional, default, lazy and the like; every branch of a union. */
function unwrap(schema: Schema): Schema[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unwrap);
  if (schema instanceof z.ZodPipe) return unwrap(schema.in);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodLazy
  ) {
    return unwrap(schema.unwrap());
  }
  return [schema];
}

function enter(schema: Schema, name: string | number): Schema[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (schema instanceof z.ZodObject) {
    const field: unknown = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
    return field instanceof z.ZodType ? [field] : [];
  }
  return [];
}
