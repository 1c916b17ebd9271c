import { printableLine } from "@rota/core";

/**
 * Makes foreign text (rows, replies, server messages, names of files) one line that the runner
 * reads as nothing but text. Its rules, from its `ActionCommand` parser: `::name::` is a command at
 * the start of a line, white space before it or not, and `##[name]` is one anywhere in a line.
 */
export function inertLine(text: string): string {
  return printableLine(text).replaceAll("##[", "## [").replace(/^:+/, "");
}
