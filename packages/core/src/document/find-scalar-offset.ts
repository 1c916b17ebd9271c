import type { Scalar } from "yaml";

/**
 * Where a place in a text value stands in the YAML source.
 *
 * Folding, indentation and block headers change nothing but white space, so the place is found by
 * counting what is printed. Escapes print one unit each, except those of white space. (A white
 * space or an astral character written as a numeric escape shifts the place by one; it is only shown to
 * people.)
 *
 * @param offset UTF-16 units from the beginning of the value.
 * @returns UTF-16 units from the beginning of the source.
 */
export function findScalarOffset(source: string, scalar: Scalar, offset: number): number {
  const [start = 0, end = start] = scalar.range ?? [];
  if (typeof scalar.value !== "string") return start;
  let printedBefore = scalar.value.slice(0, offset).match(/\S/g)?.length ?? 0;
  const isPrinted = /^\S/.test(scalar.value.slice(offset));
  const contentStart = findContentStart(source, scalar, start);
  let position = contentStart;
  for (const unit of source.slice(contentStart, end).matchAll(printedUnits(scalar))) {
    position = contentStart + unit.index;
    if (printedBefore === 0) return isPrinted ? position : contentStart;
    printedBefore -= 1;
    // White space is shown right behind what stands before it.
    if (printedBefore === 0 && !isPrinted) return position + unit[0].length;
  }
  return position;
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

function printedUnits(scalar: Scalar): RegExp {
  switch (scalar.type) {
    case "QUOTE_DOUBLE":
      return /\\(?:x..|u.{4}|U.{8}|[^\s_ntrvfNLPxuU])|[^\s\\](?<!\\[_ntrvfNLP])/g;
    case "QUOTE_SINGLE":
      return /''|\S/g;
    default:
      return /\S/g;
  }
}
