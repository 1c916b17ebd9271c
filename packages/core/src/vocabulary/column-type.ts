/** What a pipeline may say about a column's values. */
export const COLUMN_TYPES = ["string", "number", "boolean", "json"] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];
