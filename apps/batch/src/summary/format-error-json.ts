import { ProblemsError, RotaError } from "@rota/core";
import type { Terminal } from "../terminal/terminal.ts";
import { explainError } from "./explain-error.ts";
import { formatCounted } from "../text/format-quantity.ts";

/** Why there is no summary, for machines: one line of JSON in its place. */
export function formatErrorJson(error: unknown, terminal: Terminal): string {
  return `${JSON.stringify({ status: "error", error: describeError(error, terminal) })}\n`;
}

function describeError(error: unknown, terminal: Terminal) {
  if (error instanceof ProblemsError) {
    const { code, problems } = error;
    return { code, message: `${formatCounted(problems.length, "problem")} found`, problems };
  }
  if (error instanceof RotaError)
    return { code: error.code, message: explainError(error, terminal) };
  return { code: "bug", message: error instanceof Error ? error.message : String(error) };
}
