import type { CallStatus, SubjectCounts } from "./journal.ts";
import type { JsonObject, JsonValue } from "./json.ts";

/** A row with what came of it: what templates see in `rows`, and programs as a result. */
export interface FinishedRow {
  readonly id: string;
  /** Of the input file; of a program's own rows, the row's number. From 1. */
  readonly line: number;
  readonly row: JsonObject;
  readonly steps: FinishedSteps;
  readonly status: CallStatus;
  /** Empty when nothing went wrong. */
  readonly error: string;
}

/** A group with what came of it: what templates see in `groups`, and programs as a result. */
export interface FinishedGroup {
  readonly key: string;
  /** What makes the groups, as the pipeline has it. */
  readonly by: string;
  /** Of all its rows, those that failed too. */
  readonly counts: SubjectCounts;
  readonly steps: FinishedSteps;
  readonly status: CallStatus;
  /** Empty when nothing went wrong. */
  readonly error: string;
}

/** By id. At the top, the steps over the whole run; in a row, those of the row. */
export type FinishedSteps = Readonly<Record<string, FinishedStep>>;

export interface FinishedStep {
  readonly status: CallStatus;
  /** Null unless done. */
  readonly output: JsonValue;
  /** Empty unless done: also where a reply was paid for that does not fit. */
  readonly text: string;
}

/** One subject that has ended: a row, a group, or the run with its own steps. */
export type FinishedSubject =
  | ({ readonly per: "row" } & FinishedRow)
  | ({ readonly per: "group" } & FinishedGroup)
  | {
      readonly per: "run";
      readonly steps: FinishedSteps;
      readonly status: CallStatus;
      /** Empty when nothing went wrong. */
      readonly error: string;
    };
