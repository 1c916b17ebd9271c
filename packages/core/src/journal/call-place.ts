import type { SQLOutputValue } from "node:sqlite";
import type { CallId } from "../vocabulary/journal.ts";
import { PER, type Per, type Subject } from "../vocabulary/subject.ts";

/** Kinds of subjects stand in the journal as their places in `PER`: an index over words is slower. */
export const PER_ROW = PER.indexOf("row");

/** Where a call stands: what it is about, and its step. */
export interface CallPlace {
  readonly per: number;
  /** Of a row its ordinal, of a group what makes it, of the run 0. A plain number would become a float. */
  readonly subject: string | bigint;
  readonly step: string;
}

export function toPlace({ step, subject }: CallId): CallPlace {
  return { per: PER.indexOf(subject.per), subject: toSubjectColumn(subject), step };
}

/** The kind of subject that a number stands for; nothing but `run` where the number is damaged. */
export function toPer(number: SQLOutputValue | undefined): Per {
  return PER[Number(number)] ?? "run";
}

function toSubjectColumn(subject: Subject): string | bigint {
  switch (subject.per) {
    case "row":
      return BigInt(subject.ordinal);
    case "group":
      return JSON.stringify([subject.by, subject.key]);
    case "run":
      return 0n;
  }
}

/** Of a row, what tells it from another in its place; null for groups and the run. */
export function toContent(subject: Subject): string | null {
  return subject.per === "row" ? subject.content : null;
}
