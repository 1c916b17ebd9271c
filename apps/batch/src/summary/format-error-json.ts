import { ProblemsError, RotaError } from "@rota/core";
import { formatCounted } from "../text/format-quantity.ts";

/** Why there is no summary, for machines: one line of JSON in its place. */
export function formatErrorJson(error: unknown): string {
  return `${JSON.stringify({ status: "error", error: describeError(error) })}\n`;
}

function describeError(error: unknown) {
  if (error instanceof ProblemsError) {
    const { code, problems } = error;
    return { code, message: `${formatCounted(problems.length, "problem")} found`, problems };
  }
  const code = error instanceof RotaError ? error.code : "bug";
  return { code, message: error instanceof Error ? error.message : String(error) };
}
