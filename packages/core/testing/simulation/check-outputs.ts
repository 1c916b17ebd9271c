import { parse } from "csv-parse/sync";
import type { CallRecord } from "../../src/vocabulary/journal.ts";
import { PromptForeteller } from "./foretell-prompt.ts";
import type { Records } from "./read-records.ts";
import type { Trial } from "./trial.ts";

type Record = Readonly<{ [column: string]: unknown }>;

/**
 * Looks at a run that says it is through: every reply belongs to what asked for it, and both files
 * hold each row once, in order, with its own replies.
 * @returns what is wrong, in words
 */
export function checkOutputs(
  trial: Trial,
  records: Records,
  [csv, jsonl]: readonly (string | undefined)[],
): string[] {
  const foreteller = new PromptForeteller(trial, records);
  const wrongTexts = [...records].flatMap(([name, record]) => {
    if (record.result?.status !== "done") return [];
    const right = foreteller.foretellText(name, record);
    return record.result.text === right
      ? []
      : [`${name} has ${record.result.text} and should have ${right}`];
  });
  if (csv === undefined || jsonl === undefined) return [...wrongTexts, "an output is missing"];
  const fromCsv: Record[] = parse(csv, { columns: true });
  const fromJson: Record[] = jsonl
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return [
    ...wrongTexts,
    ...checkTable("the CSV", fromCsv, trial, records),
    ...checkTable("the JSONL", fromJson, trial, records),
  ];
}

function checkTable(
  name: string,
  table: readonly Record[],
  trial: Trial,
  records: Records,
): string[] {
  if (table.length !== trial.rows.length) {
    return [`${name} has ${table.length} rows of ${trial.rows.length}`];
  }
  return trial.rows.flatMap((row, ordinal) => {
    const found = table[ordinal] ?? {};
    const calls = ["sort", "answer", "match"].flatMap(
      (step) => records.get(`${step} of row ${ordinal}`) ?? [],
    );
    const expected = {
      ...row,
      ...Object.assign({}, ...calls.map((call) => describeCall(call, trial))),
      __status: weigh(calls),
    };
    return Object.entries(expected).flatMap(([column, value]) =>
      String(found[column] ?? "") === value
        ? []
        : [`${name}, row ${ordinal}: ${column} is ${String(found[column])}, not ${value}`],
    );
  });
}

/** The columns of a step. Only what is done is shown. */
function describeCall({ id, result }: CallRecord, trial: Trial): { [column: string]: string } {
  const text = result?.status === "done" ? (result.text ?? "") : "";
  if (id.step !== "sort" || !trial.shape.sortHasSchema) return { [id.step]: text };
  const { mood = "", mark = "" } = text === "" ? {} : JSON.parse(text);
  return { "sort.mood": mood, "sort.mark": mark };
}

function weigh(calls: readonly CallRecord[]): string {
  const statuses = calls.map(({ result }) => result?.status);
  const order = ["failed", "uncertain", "done"] as const;
  return order.find((status) => statuses.includes(status)) ?? "skipped";
}
