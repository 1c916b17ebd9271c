import { suggestName } from "./suggest-name.ts";

/** What to do about a name that is not among the candidates: take the nearest, or else what `otherwise` says. */
export function suggestRemedy(
  name: string,
  candidates: Iterable<string>,
  otherwise: string,
): string {
  const meant = suggestName(name, candidates);
  return meant === undefined ? otherwise : `Did you mean "${meant}"?`;
}
