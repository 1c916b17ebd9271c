import stringWidth from "fast-string-width";

/** Cells that a line takes on a terminal. Colors count nothing. */
export function textWidth(line: string): number {
  return stringWidth(line);
}

/**
 * Cuts a line without colors to at most `width` cells, with an ellipsis in place of what is left out;
 * never within what a reader sees as one character.
 */
export function truncateText(line: string, width: number): string {
  if (textWidth(line) <= width) return line;
  let cut = "";
  let cells = 1; // the ellipsis
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    cells += textWidth(segment);
    if (cells > width) break;
    cut += segment;
  }
  return width > 0 ? `${cut.trimEnd()}…` : "";
}

/** Fills up with spaces to `width` cells. */
export function padText(text: string, width: number, align: "left" | "right" = "left"): string {
  const filling = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "left" ? text + filling : filling + text;
}
