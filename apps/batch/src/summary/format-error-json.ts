import { ProblemsError, RotaError } from "@rota/core";

/** Why there is no summary, for machines: one line of JSON in its place. */
export function formatErrorJson(error: unknown): string {
  const code = error instanceof RotaError ? error.code : "bug";
  const message = error instanceof Error ? error.message : String(error);
  const problems = error instanceof ProblemsError ? error.problems : undefined;
  return `${JSON.stringify({ status: "error", error: { code, message, problems } })}\n`;
}
