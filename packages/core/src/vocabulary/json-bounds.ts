/** What a JSON text may hold at most, so that reading it takes no time that anybody notices. */
export interface JsonBounds {
  /** UTF-16 units. */
  readonly length: number;
  /** Values and names of members, together. */
  readonly values: number;
  /** Levels of arrays and objects. */
  readonly depth: number;
}

/**
 * Says by what a text passes its bounds, such as `holds more than 50,000 values`; undefined when it
 * does not. Nothing is built for it: the parser of JSON, which builds all that it is shown, takes
 * seconds over some texts of a few megabytes.
 */
export function explainExcess(text: string, bounds: JsonBounds): string | undefined {
  if (text.length > bounds.length) return `is longer than ${format(bounds.length)} characters`;
  let values = 1;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = findEndOfString(text, at + 1);
        break;
      case OPENING_BRACKET:
      case OPENING_BRACE:
        depth += 1;
        values += 1;
        if (depth > bounds.depth) return `is nested deeper than ${bounds.depth} levels`;
        break;
      case CLOSING_BRACKET:
      case CLOSING_BRACE:
        depth -= 1;
        break;
      case COMMA:
      case COLON:
        values += 1;
        break;
      default:
    }
    if (values > bounds.values) return `holds more than ${format(bounds.values)} values`;
  }
  return undefined;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

function findEndOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at;
    if (unit === BACKSLASH) at += 1;
  }
  return text.length;
}

function format(count: number): string {
  return count.toLocaleString("en");
}
