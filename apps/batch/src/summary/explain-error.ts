import { RunChangedError, StorageError, type RotaError } from "@rota/core";
import type { Terminal } from "../terminal/terminal.ts";
import { rephraseCommand } from "./rephrase-command.ts";

/** What an error says to who typed a command: where only beginning anew helps, also how to type that. */
export function explainError(
  error: RotaError,
  { arguments: typed, environment }: Pick<Terminal, "arguments" | "environment">,
): string {
  const command = rephraseCommand(typed, environment, { without: ["--fresh"], with: ["--fresh"] });
  if (error instanceof RunChangedError) {
    return `${error.facts} Undo the change to continue it, or set it aside and start over: ${command}`;
  }
  if (error instanceof StorageError && error.facts !== undefined) {
    return `${error.facts} Set it aside (nothing is deleted) and start over: ${command}`;
  }
  return error.message;
}
