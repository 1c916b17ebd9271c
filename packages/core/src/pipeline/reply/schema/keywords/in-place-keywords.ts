import type { JsonValue } from "../../../../vocabulary/json.ts";
import type { Check } from "../evaluation.ts";
import type { Keywords, SchemaCompiler } from "./keyword.ts";
import { toArray, toText } from "./operand.ts";

/** Keywords that hold more schemas for the same value. */
export const inPlaceKeywords: Keywords = {
  $ref: (operand, _schema, compiler) => compiler.follow(toText(operand)),
  allOf: (operand, _schema, compiler) => {
    const checks = compileAll(operand, compiler);
    return (value, evaluation) => evaluation.all(checks, value);
  },
  anyOf: (operand, _schema, compiler) => {
    const checks = compileAll(operand, compiler);
    return (value, evaluation) => {
      const attempts = checks.map((check) => evaluation.attempt(check, value));
      const passing = attempts.filter(({ passes }) => passes);
      for (const attempt of passing) evaluation.adopt(attempt);
      if (passing.length > 0) return true;
      for (const attempt of attempts) evaluation.blame(attempt);
      return evaluation.complain("must match a schema in anyOf");
    };
  },
  oneOf: (operand, _schema, compiler) => {
    const checks = compileAll(operand, compiler);
    return (value, evaluation) => {
      const attempts = checks.map((check) => evaluation.attempt(check, value));
      const [only, ...more] = attempts.filter(({ passes }) => passes);
      if (!only) for (const attempt of attempts) evaluation.blame(attempt);
      if (!only || more.length > 0) {
        return evaluation.complain("must match exactly one schema in oneOf");
      }
      evaluation.adopt(only);
      return true;
    };
  },
  not: (operand, _schema, compiler) => {
    const check = compiler.compile(operand);
    return (value, evaluation) =>
      !evaluation.attempt(check, value).passes || evaluation.complain("must not be valid");
  },
  if: (operand, schema, compiler) => {
    const condition = compiler.compile(operand);
    const then = compiler.compile(schema["then"] ?? true);
    const otherwise = compiler.compile(schema["else"] ?? true);
    return (value, evaluation) => {
      const attempt = evaluation.attempt(condition, value);
      if (!attempt.passes) return otherwise(value, evaluation);
      evaluation.adopt(attempt);
      return then(value, evaluation);
    };
  },
};

function compileAll(operand: JsonValue, compiler: SchemaCompiler): Check[] {
  return toArray(operand).map((schema) => compiler.compile(schema));
}
