import type { JsonValue } from "../../../vocabulary/json.ts";
import type { Evaluation } from "./evaluation.ts";

/** UTF-16 units that are written in the time of a step, about. */
const UNITS_A_STEP = 16;

/** Values, told apart as JSON Schema does: the order of members means nothing, 1 and 1.0 are one. */
export class ValueSet {
  readonly #plain = new Set<JsonValue>();
  readonly #nested = new Set<string>();

  /** @returns false when it was there already */
  add(value: JsonValue, evaluation: Evaluation): boolean {
    const before = this.#plain.size + this.#nested.size;
    if (isNested(value)) this.#nested.add(writeCanonically(value, evaluation));
    else this.#plain.add(value);
    return this.#plain.size + this.#nested.size > before;
  }

  has(value: JsonValue, evaluation: Evaluation): boolean {
    if (!isNested(value)) return this.#plain.has(value);
    return this.#nested.size > 0 && this.#nested.has(writeCanonically(value, evaluation));
  }
}

function isNested(value: JsonValue): value is Exclude<JsonValue, null | boolean | number | string> {
  return typeof value === "object" && value !== null;
}

/** The same text for values that are equal: members in the order of their names. */
function writeCanonically(value: JsonValue, evaluation: Evaluation): string {
  if (!isNested(value)) {
    const text = JSON.stringify(value);
    evaluation.spend(1 + text.length / UNITS_A_STEP);
    return text;
  }
  evaluation.descend();
  const parts = Array.isArray(value)
    ? value.map((item: JsonValue) => writeCanonically(item, evaluation))
    : Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, member]) => {
          const quoted = writeCanonically(name, evaluation);
          return `${quoted}:${writeCanonically(member, evaluation)}`;
        });
  evaluation.ascend();
  const text = parts.join();
  evaluation.spend(1 + text.length / UNITS_A_STEP);
  return Array.isArray(value) ? `[${text}]` : `{${text}}`;
}
