import { parse } from "csv-parse/sync";
import type { CallRecord } from "../../src/vocabulary/journal.ts";
import { PromptForeteller } from "./foretell-prompt.ts";
import type { Records } from "./read-records.ts";
import type { Trial } from "./trial.ts";

type TableRow = Readonly<{ [column: string]: unknown }>;

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
  return [
    ...wrongTexts,
    ...checkTable("the CSV", parseCsv(csv), trial, records),
    ...checkTable("the JSONL", parseLines(jsonl), trial, records),
  ];
}

/**
 * Looks at what a process left that did not come to its end: each file is as it was, or is the new
 * one whole.
 */
export function checkLeftOutputs(
  trial: Trial,
  records: Records,
  before: readonly (string | undefined)[],
  after: readonly (string | undefined)[],
): string[] {
  const [csv, jsonl] = after.map((text, index) => (text === before[index] ? undefined : text));
  return [
    ...(csv === undefined ? [] : checkTable("the CSV", parseCsv(csv), trial, records)),
    ...(jsonl === undefined ? [] : checkTable("the JSONL", parseLines(jsonl), trial, records)),
  ];
}

function parseCsv(text: string): TableRow[] {
  return parse(text, { columns: true });
}

function parseLines(text: string): TableRow[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

function checkTable(
  name: string,
  table: readonly TableRow[],
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
  const statuses = new Set(calls.map(({ result }) => result?.status));
  const order = ["failed", "uncertain", "done"] as const;
  return order.find((status) => statuses.has(status)) ?? "skipped";
}
