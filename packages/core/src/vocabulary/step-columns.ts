/** The columns with which a table of groups begins: the group's key, and how many rows are in it. */
export const GROUP_COLUMNS = ["group", "rows"] as const;

/** The columns that a step adds to a table of results: one for each field of its schema, or one. */
export function stepColumns({
  id,
  output: { fields },
}: {
  readonly id: string;
  readonly output: { readonly fields: readonly string[] };
}): string[] {
  return fields.length > 0 ? fields.map((field) => `${id}.${field}`) : [id];
}
