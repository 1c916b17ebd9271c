import { explainExcess, type JsonBounds } from "../../vocabulary/json-bounds.ts";

/** A reply is one text in an envelope of some forty values. */
const BODY_BOUNDS: JsonBounds = { length: Infinity, values: 100_000, depth: 64 };

/** UTF-16 units. What a person is told of a refusal is cut far below. */
const BEGINNING = 20_000;

/** Why a body may not be parsed; undefined when it may. How large it can be is the transport's to say. */
export function explainBodyExcess(body: string): string | undefined {
  return explainExcess(body, BODY_BOUNDS);
}

/** The body of a refusal; only the beginning of one that may not be parsed. */
export function boundRefusal(body: string): string {
  return explainBodyExcess(body) === undefined ? body : body.slice(0, BEGINNING);
}
