import { stripVTControlCharacters } from "node:util";

/** East Asian wide and full-width characters, and emoji shown as pictures: two cells each. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Marks that are drawn over the character before them: no cell. */
const ZERO = /\p{Mn}|\p{Me}/u;

/** Cells that a line takes on a terminal. Colors count nothing. */
export function textWidth(line: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(line)) width += characterWidth(character);
  return width;
}

/** Cuts a line without colors to at most `width` cells, with an ellipsis in place of what is left out. */
export function truncateText(line: string, width: number): string {
  if (textWidth(line) <= width) return line;
  let cut = "";
  let cells = 1; // the ellipsis
  for (const character of line) {
    cells += characterWidth(character);
    if (cells > width) break;
    cut += character;
  }
  return width > 0 ? `${cut.trimEnd()}…` : "";
}

/** Fills up with spaces to `width` cells. */
export function padText(text: string, width: number, align: "left" | "right" = "left"): string {
  const filling = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "left" ? text + filling : filling + text;
}

function characterWidth(character: string): number {
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
