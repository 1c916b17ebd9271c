import type { JsonObject, JsonValue } from "../../../vocabulary/json.ts";

/** @see https://www.rfc-editor.org/rfc/rfc6901 */
export function readPointer(pointer: string): string[] {
  const names = pointer.split("/").slice(1);
  return names.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What a `$ref` names: `#` or `#/…`, in the schema itself; undefined when there is nothing. */
export function resolveReference(reference: string, root: JsonObject): JsonValue | undefined {
  if (reference !== "#" && !reference.startsWith("#/")) return undefined;
  return readPointer(reference.slice(1)).reduce<JsonValue | undefined>(
    (parent, name) => Object.getOwnPropertyDescriptor(Object(parent), name)?.value,
    root,
  );
}
