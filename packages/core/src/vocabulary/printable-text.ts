/** Everything but letters, marks, digits, punctuation, symbols and spaces, newline and tab. */
const UNPRINTABLE = /[^\n\t\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/gu;

/**
 * Makes foreign text (replies, rows, server messages) safe to show on a terminal or in a log. It is an
 * allow-list: whatever could move the cursor, recolor, reorder or hide text (ESC, C1, DCS, CR,
 * backspace, bidi and zero-width controls, lone surrogates) is shown by its code: `\u{1b}`.
 */
export function printableText(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Foreign text as one line: as `printableText`, with each run of white space as one space. */
export function printableLine(text: string): string {
  return printableText(text.replace(/\r?\n/g, "\n")).replace(/\s+/g, " ").trim();
}
