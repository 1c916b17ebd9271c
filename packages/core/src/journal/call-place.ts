import type { SQLOutputValue } from "node:sqlite";
import { crc32 } from "node:zlib";
import type { CallId } from "../vocabulary/journal.ts";
import { PER, type Per, type Subject } from "../vocabulary/subject.ts";

/** Kinds of subjects stand in the journal as their places in `PER`: an index over words is slower. */
export const PER_ROW = PER.indexOf("row");

/** Where a call stands: what it is about, and its step. */
export interface CallPlace {
  readonly per: number;
  /** Of a row its ordinal, of a group what makes it, of the run 0. */
  readonly subject: string | number;
  readonly step: string;
  /** Part of the checksums of all that stands there: a record that lands elsewhere is found out. */
  readonly checksum: number;
}

export function toPlace({ step, subject }: CallId): CallPlace {
  const per = PER.indexOf(subject.per);
  const place = toSubjectColumn(subject);
  return { per, subject: place, step, checksum: sumUp([per, place, step]) };
}

/** The kind of subject that a number stands for; nothing but `run` where the number is damaged. */
export function toPer(number: SQLOutputValue | undefined): Per {
  return PER[Number(number)] ?? "run";
}

function toSubjectColumn(subject: Subject): string | number {
  switch (subject.per) {
    case "row":
      return subject.ordinal;
    case "group":
      return JSON.stringify([subject.by, subject.key]);
    case "run":
      return 0;
  }
}

/** Of a row, what tells it from another in its place; null for groups and the run. */
export function toContent(subject: Subject): string | null {
  return subject.per === "row" ? subject.content : null;
}

/** @param start of the place that the values belong to */
export function sumUp(values: readonly (SQLOutputValue | undefined)[], start = 0): number {
  return crc32(values.join("\0"), start);
}
