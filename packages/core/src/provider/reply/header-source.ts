/** The headers of a reply, by lower-case name; null where there is none. A `Headers` is one. */
export interface HeaderSource {
  get(name: string): string | null;
}

const DECIMAL = /^\d+(\.\d+)?$/;

/** Reads a header that holds a number: undefined when absent, negative or anything but a decimal. */
export function readNumber(headers: HeaderSource, name: string): number | undefined {
  const text = headers.get(name);
  if (text === null || !DECIMAL.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
