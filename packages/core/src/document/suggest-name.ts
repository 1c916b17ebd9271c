import { distance } from "fastest-levenshtein";

/** At most a third of the letters, and never more than this many, may be wrong. */
const MAX_EDITS = 3;

/** The candidate that the user most likely meant by `name`, or undefined when none is near. */
export function suggestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: { candidate: string; edits: number } | undefined;
  const written = foldName(name);
  const limit = Math.min(MAX_EDITS, Math.max(1, Math.floor(written.length / 3)));
  for (const candidate of candidates) {
    const meant = foldName(candidate);
    if (Math.abs(meant.length - written.length) > limit) continue;
    const edits = countEdits(written, meant);
    const isNear = edits <= limit && edits < written.length;
    if (isNear && edits < (best?.edits ?? Infinity)) best = { candidate, edits };
  }
  return best?.candidate;
}

/** `max_tokens`, `max-tokens` and `maxTokens` are one name in different styles. */
function foldName(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, "");
}

/** Letters to insert, remove or replace; one pair of neighbours that changed places counts once. */
function countEdits(from: string, to: string): number {
  let least = distance(from, to);
  for (let index = 0; index + 1 < from.length; index++) {
    least = Math.min(least, 1 + distance(swapNeighbours(from, index), to));
  }
  return least;
}

function swapNeighbours(text: string, index: number): string {
  return `${text.slice(0, index)}${text[index + 1]}${text[index]}${text.slice(index + 2)}`;
}
