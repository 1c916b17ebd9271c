import type { Environment } from "../terminal/terminal.ts";
import { quoteCommand } from "../text/shell-command.ts";

/**
 * The command as it was typed, with some options taken out and some put at the end.
 * `values` are words of `typed` that are values of the options taken out: `--simulate FILE`.
 */
export function rephraseCommand(
  typed: readonly string[],
  environment: Environment,
  changes: {
    readonly without?: readonly string[];
    readonly values?: readonly string[];
    readonly with?: readonly string[];
  } = {},
): string {
  const { without = [], values = [], with: added = [] } = changes;
  const kept = typed.filter((word, index) => {
    if (without.includes(word)) return false;
    if (without.some((option) => word.startsWith(`${option}=`))) return false;
    return !(values.includes(word) && without.includes(typed[index - 1] ?? ""));
  });
  return quoteCommand([...programWords(environment), ...kept, ...added]);
}

/** How this program is called. npm says so in the environment of what it starts; its users have no `rota` of their own on the path. */
export function programWords(environment: Environment): readonly string[] {
  return environment["npm_execpath"] === undefined ? ["rota"] : ["npx", "rota"];
}
