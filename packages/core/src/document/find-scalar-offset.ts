import type { Scalar } from "yaml";

/**
 * Where a place in a text value stands in the YAML source.
 *
 * Folding, indentation and block headers change nothing but white space, so the place is found by
 * counting what is printed. An escape prints one unit, unless it is one of white space. (White
 * space or an astral character written as a numeric escape shifts the place by one unit.)
 *
 * @param offset UTF-16 units from the beginning of the value.
 * @returns UTF-16 units from the beginning of the source.
 */
export function findScalarOffset(source: string, scalar: Scalar, offset: number): number {
  const [start = 0, end = start] = scalar.range ?? [];
  if (typeof scalar.value !== "string") return start;
  const contentStart = findContentStart(source, scalar, start);
  const printed = listPrinted(source.slice(contentStart, end), scalar);
  const count = scalar.value.slice(0, offset).match(/\S/g)?.length ?? 0;
  const here = printed[count];
  if (here && /^\S/.test(scalar.value.slice(offset))) return contentStart + here.index;
  // White space, and the end, are shown right behind what stands before them.
  const before = printed[count - 1];
  return before ? contentStart + before.index + before[0].length : contentStart;
}

function findContentStart(source: string, scalar: Scalar, start: number): number {
  switch (scalar.type) {
    case "BLOCK_LITERAL":
    case "BLOCK_FOLDED":
      return source.indexOf("\n", start) + 1 || start;
    case "QUOTE_DOUBLE":
    case "QUOTE_SINGLE":
      return start + 1;
    default:
      return start;
  }
}

function listPrinted(content: string, scalar: Scalar): RegExpExecArray[] {
  switch (scalar.type) {
    case "QUOTE_DOUBLE": {
      const units = content.matchAll(/\\(?:x..|u.{4}|U.{8}|[^])|\S/g);
      return [...units].filter(([unit]) => !/^\\[\s_tnvfrLP]/.test(unit));
    }
    case "QUOTE_SINGLE":
      return [...content.matchAll(/''|\S/g)];
    default:
      return [...content.matchAll(/\S/g)];
  }
}
