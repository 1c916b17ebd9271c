import type { Keyword, Keywords } from "./keyword.ts";

/** What sums of decimal fractions may be off. */
const TOLERANCE = 1e-10;

export const numberKeywords: Keywords = {
  minimum: compare((value, bound) => value >= bound, ">="),
  exclusiveMinimum: compare((value, bound) => value > bound, ">"),
  maximum: compare((value, bound) => value <= bound, "<="),
  exclusiveMaximum: compare((value, bound) => value < bound, "<"),
  multipleOf: compare(isMultiple, "a multiple of"),
};

function compare(fits: (value: number, operand: number) => boolean, sign: string): Keyword {
  return (operand) => {
    const bound = Number(operand);
    return (value, evaluation) =>
      typeof value !== "number" ||
      fits(value, bound) ||
      evaluation.complain(`must be ${sign} ${bound}`);
  };
}

function isMultiple(value: number, factor: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(1 / factor)) return true;
  const rest = Math.abs(value % factor);
  return Math.min(rest, factor - rest) < TOLERANCE;
}
