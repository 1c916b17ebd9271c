import { RunChangedError, type RotaError } from "@rota/core";
import type { Terminal } from "../terminal/terminal.ts";
import { rephraseCommand } from "./rephrase-command.ts";

/** What an error says to who typed a command: of a run that changed also how to type its way out. */
export function explainError(
  error: RotaError,
  { arguments: typed, environment }: Pick<Terminal, "arguments" | "environment">,
): string {
  if (!(error instanceof RunChangedError)) return error.message;
  const command = rephraseCommand(typed, environment, { without: ["--fresh"], with: ["--fresh"] });
  return `${error.facts} Undo the change to continue it, or set it aside and start over: ${command}`;
}
