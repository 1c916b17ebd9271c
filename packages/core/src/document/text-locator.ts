import type { Position } from "../vocabulary/problem.ts";

/** Finds the line and column of a place in a text. */
export interface TextLocator {
  /** The place from `start` to `end` (exclusive), as far as it stays on its first line. */
  locate(start: number, end?: number): Position;
}

/** Offsets count UTF-16 units from 0. Those beyond the text are taken for its end. */
export function createTextLocator(text: string): TextLocator {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    lineStarts.push(at + 1);
  }
  return {
    locate(start, end = start + 1) {
      const offset = Math.min(Math.max(0, start), text.length);
      const line = countUpTo(lineStarts, offset);
      const lineStart = lineStarts[line - 1] ?? 0;
      const excerpt = text.slice(lineStart, (lineStarts[line] ?? text.length + 1) - 1);
      const lineEnd = lineStart + excerpt.trimEnd().length;
      return {
        line,
        column: offset - lineStart + 1,
        length: Math.max(1, Math.min(end, lineEnd) - offset),
        excerpt: excerpt.replace(/\r$/, ""),
      };
    },
  };
}

/** How many of the ascending numbers are not above the limit. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
