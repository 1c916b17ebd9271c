import { listNames } from "../../vocabulary/list-names.ts";
import { BrokenFileError } from "../file/mistake.ts";
import type { Mistake } from "../file/mistake.ts";
import type { FileRecord } from "../file/record-reader.ts";

/**
 * Without a sound header no row below it means anything.
 * @throws BrokenFileError with everything wrong with it
 */
export function checkCsvHeader(
  { texts: names, offset }: FileRecord,
  idColumn: string | undefined,
): void {
  const empty: Mistake[] = names.flatMap((name, index) =>
    name.trim() === ""
      ? {
          code: "csv-header",
          message: `column ${index + 1} of ${names.length} has no name`,
          remedy: "Name every column on the first line",
          offset,
        }
      : [],
  );
  const repeated: Mistake[] = [...findRepeated(names)]
    .filter((name) => name.trim() !== "")
    .map((name) => ({
      code: "csv-header",
      message: `more than one column is named "${name}"`,
      remedy: "Give every column a name of its own",
      offset,
      text: name,
    }));
  const missing: Mistake[] =
    idColumn === undefined || names.includes(idColumn)
      ? []
      : [
          {
            code: "csv-header",
            message: `the column "${idColumn}", which is to name the rows, is not in the file`,
            remedy: `Name another column as input.id; the file has: ${listNames(names)}`,
            offset,
          },
        ];
  const mistakes = [...empty, ...repeated, ...missing];
  if (mistakes.length > 0) throw new BrokenFileError(mistakes);
}

function findRepeated(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return repeated;
}
