/** As many as anybody reads. */
const MAX_NAMES = 20;

/** Names for a message, with commas; of many, the first and how many more there are. */
export function listNames(names: readonly string[]): string {
  const rest = names.length - MAX_NAMES;
  const shown = names.slice(0, MAX_NAMES).join(", ");
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
