const MILLISECONDS_BY_UNIT: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  // Both the micro sign (U+00B5), which Go prints, and the Greek letter (U+03BC).
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};

const NUMBER_AND_UNIT = /(\d+\.?\d*|\.\d+)(h|ms|m|us|µs|μs|ns|s)/y;
const BARE_NUMBER = /^\d+(\.\d+)?$/;

/**
 * Reads a duration as Go prints it (`1s`, `6m0s`, `120ms`, `1h2m3.5s`), or a bare number of seconds.
 * @returns milliseconds, or undefined for anything else, a sign included.
 */
export function parseGoDuration(text: string): number | undefined {
  if (BARE_NUMBER.test(text)) return toFinite(Number(text) * 1_000);
  let totalMs = 0;
  NUMBER_AND_UNIT.lastIndex = 0;
  for (let end = 0; end < text.length; end = NUMBER_AND_UNIT.lastIndex) {
    const [, amount, unit] = NUMBER_AND_UNIT.exec(text) ?? [];
    if (amount === undefined || unit === undefined) return undefined;
    totalMs += Number(amount) * (MILLISECONDS_BY_UNIT[unit] ?? 0);
  }
  return text === "" ? undefined : toFinite(totalMs);
}

function toFinite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
