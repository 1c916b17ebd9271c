import { extname } from "node:path";

export type OutputFileFormat = "csv" | "jsonl" | "markdown";

const FORMATS: ReadonlyMap<string, OutputFileFormat> = new Map([
  [".csv", "csv"],
  [".jsonl", "jsonl"],
  [".md", "markdown"],
]);

/** What becomes of text in a CSV that a spreadsheet would calculate. */
export const FORMULAS = ["raw", "escape"] as const;
export type Formulas = (typeof FORMULAS)[number];

/** The endings that outputs can have. */
export const OUTPUT_ENDINGS: readonly string[] = [...FORMATS.keys()];

/** The format that a file's ending names; undefined when it names none. */
export function findOutputFormat(file: string): OutputFileFormat | undefined {
  return FORMATS.get(extname(file).toLowerCase());
}
