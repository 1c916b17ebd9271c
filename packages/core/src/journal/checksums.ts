import type { SQLOutputValue } from "node:sqlite";
import { crc32 } from "node:zlib";

/** A column of a record, or what a damaged one has in its place. */
export type Column = SQLOutputValue | undefined;

/**
 * Counts are stored as multiples of this: with one bit flipped they are none any more, for it is odd.
 * They change too often for a checksum.
 */
export const COUNT_UNIT = 257;

export function isCount(value: Column): boolean {
  return typeof value === "number" && value % COUNT_UNIT === 0;
}

/**
 * Of where a call stands. It is part of the checksums of all that stands there, so that a record that
 * lands elsewhere is found out.
 */
export function sumUpPlace(per: Column, subject: Column, step: Column): number {
  return crc32(`${String(per)}\0${String(subject)}\0${String(step)}`);
}

export function sumUpCall(place: number, content: Column): number {
  return crc32(String(content), place);
}

/** @param columns what a `result` says, in order */
export function sumUpResult(place: number, columns: readonly Column[]): number {
  return crc32(columns.join("\0"), place);
}
