/** What a pipeline may say about a column's values. */
export type ColumnType = "string" | "number" | "boolean" | "json";
