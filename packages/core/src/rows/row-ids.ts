import { hash } from "node:crypto";
import type { JsonObject } from "../vocabulary/json.ts";
import { CompactMap } from "./compact-map.ts";
import type { ReportMistake } from "./file/mistake.ts";
import type { FileRecord } from "./file/record-reader.ts";

/** A record whose values were read. */
export interface ReadRecord extends Pick<FileRecord, "line" | "offset"> {
  readonly values: JsonObject;
  /** As `hashContent` makes it. */
  readonly content: string;
}

/** @returns the record's id; undefined when it reported that there is none */
export type IdentifyRecord = (record: ReadRecord, report: ReportMistake) => string | undefined;

/**
 * How the rows of one input are named. That no two have the same name costs memory for each row,
 * but only in the scan: what it learns keeps later passes, which last as long as a run, flat.
 */
export interface RowIds {
  /** For a pass over all rows, before any other. The ids that it gives are not the final ones. */
  learn(): IdentifyRecord;
  /** For a later pass over the same rows. */
  assign(): IdentifyRecord;
}

/** Rows are known by what they hold: the hash of it, and which one of the rows that hold the same. */
export class ContentIds implements RowIds {
  /** Contents that more than one row has. */
  readonly #repeated = new CompactMap();

  learn(): IdentifyRecord {
    const seen = new CompactMap();
    return ({ content }) => {
      const { high, low } = splitHash(content);
      if (seen.get(high, low) > 0) this.#repeated.set(high, low, 1);
      else seen.set(high, low, 1);
      return content;
    };
  }

  assign(): IdentifyRecord {
    const occurrences = new CompactMap();
    return ({ content }) => {
      const { high, low } = splitHash(content);
      if (this.#repeated.get(high, low) === 0) return `${content}-1`;
      const occurrence = occurrences.get(high, low) + 1;
      occurrences.set(high, low, occurrence);
      return `${content}-${occurrence}`;
    };
  }
}

/**
 * Rows are known by the value of a column, which must be there and differ from row to row. Values
 * are told apart by 64 bits of their hash: among a million, the odds of a false alarm are 1 to 37 million.
 */
export class ColumnIds implements RowIds {
  readonly #column: string;

  constructor(column: string) {
    this.#column = column;
  }

  learn(): IdentifyRecord {
    const lines = new CompactMap();
    const assign = this.assign();
    return (record, report) => {
      const id = assign(record, report);
      if (id === undefined) return undefined;
      const { line, offset } = record;
      const { high, low } = splitHash(hashText(id));
      const firstLine = lines.get(high, low);
      if (firstLine === 0) {
        lines.set(high, low, line);
        return id;
      }
      report({
        code: "duplicate",
        message: `the id "${id}" stands on line ${firstLine} and again on line ${line}`,
        remedy: ID_REMEDY,
        offset,
        text: id,
      });
      return undefined;
    };
  }

  assign(): IdentifyRecord {
    return ({ offset, values }, report) => {
      const value = values[this.#column];
      if (typeof value === "number") return String(value);
      if (typeof value === "string" && value !== "") return value;
      report({
        code: "invalid-value",
        message: `the row has no id in "${this.#column}"`,
        remedy: ID_REMEDY,
        offset,
      });
      return undefined;
    };
  }
}

const ID_REMEDY = "Give every row an id of its own, or leave out input.id in the pipeline";

/** What tells rows apart by what they hold: the first 64 bits of a SHA-256, in hexadecimal. */
export function hashContent(texts: readonly string[]): string {
  // No text holds NUL: the file would have been refused.
  return hashText(texts.join("\0"));
}

function hashText(text: string): string {
  return hash("sha256", text, "hex").slice(0, 16);
}

function splitHash(hashed: string) {
  return {
    high: Number.parseInt(hashed.slice(0, 8), 16),
    low: Number.parseInt(hashed.slice(8), 16),
  };
}
