import type { JsonValue } from "../../../vocabulary/json.ts";

/** UTF-16 units. Names in a reply may be as long as the reply. */
const MAX_NAME_LENGTH = 60;
const MAX_NAMES = 5;

/** Names out of a reply, for a complaint: the first, shortened, and how many more there are. */
export function quoteNames(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => JSON.stringify(shortenName(name)));
  const more = names.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** The schema's own values, for a complaint. */
export function quoteValues(values: readonly JsonValue[]): string {
  return values.map((value) => JSON.stringify(value)).join(", ");
}

export function shortenName(name: string): string {
  return name.length <= MAX_NAME_LENGTH ? name : `${name.slice(0, MAX_NAME_LENGTH - 1)}…`;
}
