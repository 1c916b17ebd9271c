import { padText, textWidth } from "./text-width.ts";

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** Sets a table: a title line, then one line a row, each column as wide as its widest cell. */
export function alignColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): { readonly title: string; readonly lines: readonly string[] } {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, index) =>
    Math.max(...[titles, ...rows].map((cells) => textWidth(cells[index] ?? ""))),
  );
  const setLine = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => padText(cells[index] ?? "", widths[index] ?? 0, align))
      .join("  ")
      .trimEnd();
  return { title: setLine(titles), lines: rows.map(setLine) };
}
