import { printableLine } from "@rota/core";

/**
 * Characters without a weight of their own: joiners, fillers, variation selectors. The runner looks
 * for its markers with .NET's comparison by culture, which overlooks them: `#\u034f#[` is `##[` to it.
 */
const WEIGHTLESS = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Makes foreign text (rows, replies, server messages, names of files) one line that the runner
 * reads as nothing but text. Its rules, from its `ActionCommand` parser: `::name::` is a command at
 * the start of a line, white space before it or not, and `##[name]` is one anywhere in a line. CR
 * ends a line as LF does; neither is left.
 *
 * What is taken out of a marker is shown by its code instead of dropped: dropping could bring two
 * harmless halves together.
 */
export function inertLine(text: string): string {
  return printableLine(text)
    .replaceAll(WEIGHTLESS, showCode)
    .replaceAll("##[", "##\\u{5b}")
    .replace(/^:/, "\\u{3a}");
}

function showCode(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
