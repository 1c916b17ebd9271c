/** A member of a value of which nothing is known; undefined where there is none. */
export function readMember(value: unknown, name: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

/** A member that is text; empty where there is none. */
export function readText(value: unknown, name: string): string {
  const member = readMember(value, name);
  return typeof member === "string" ? member : "";
}
