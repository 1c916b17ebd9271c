import type { Step } from "./pipeline.ts";

/** The columns that a step adds to a table of results: one for each field of its schema, or one. */
export function listColumns({ id, output }: Pick<Step, "id" | "output">): string[] {
  return output.fields.length > 0 ? output.fields.map((field) => `${id}.${field}`) : [id];
}
