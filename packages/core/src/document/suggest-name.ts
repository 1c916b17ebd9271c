/** A third of the letters may be wrong, but never so many that it is another word. */
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

/** `max_tokens`, `max-tokens` and `maxTokens` are one name in different houses. */
function foldName(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, "");
}

/** Letters to insert, remove, replace, or swap with their neighbour (optimal string alignment). */
function countEdits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row[j] = Math.min(
        (last[j] ?? Infinity) + 1,
        (row[j - 1] ?? Infinity) + 1,
        (last[j - 1] ?? Infinity) + (same ? 0 : 1),
        swapped ? (beforeLast[j - 2] ?? Infinity) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? 0;
}
