/** How a variable's value reads in a rendered text. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  // A filter can make NaN and Infinity, which JSON does not have.
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
