import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../../../vocabulary/json.ts";
import type { Check, Evaluation } from "../evaluation.ts";
import { quoteNames, quoteValues } from "../quote.ts";
import { LinearPattern } from "../linear-pattern.ts";
import type { Keyword, Keywords, SchemaCompiler } from "./keyword.ts";
import { toObject, toTexts } from "./operand.ts";

export const objectKeywords: Keywords = {
  required: (operand) => {
    const names = toTexts(operand);
    return onObject((object, evaluation) => {
      evaluation.spend(names.length);
      const missing = names.filter((name) => !Object.hasOwn(object, name));
      return missing.length === 0 || evaluation.complain(`must have ${quoteValues(missing)}`);
    });
  },
  properties: (operand, _schema, compiler) => {
    const checks = compileMembers(operand, compiler);
    return onObject((object, evaluation) => {
      let passes = true;
      evaluation.spend(checks.length);
      for (const [name, check] of checks) {
        const member = Object.hasOwn(object, name) ? object[name] : undefined;
        if (member !== undefined && !evaluation.inside(name, check, member)) passes = false;
      }
      return passes;
    });
  },
  patternProperties: (operand, _schema, compiler) => {
    const checks = compileMembers(operand, compiler).map(
      ([pattern, check]) => [new LinearPattern(pattern), check] as const,
    );
    return onObject((object, evaluation) => {
      let passes = true;
      for (const name of listOwnNames(object, evaluation)) {
        for (const [pattern, check] of checks) {
          if (!matches(pattern, name, evaluation)) continue;
          if (!evaluation.inside(name, check, object[name] ?? null)) passes = false;
        }
      }
      return passes;
    });
  },
  additionalProperties: (operand, schema, compiler) => {
    const named = new Set(Object.keys(toObject(schema["properties"])));
    const patterns = Object.keys(toObject(schema["patternProperties"])).map(
      (pattern) => new LinearPattern(pattern),
    );
    return checkRest(operand, compiler, (name, evaluation) => {
      if (named.has(name)) return false;
      return !patterns.some((pattern) => matches(pattern, name, evaluation));
    });
  },
  propertyNames: (operand, _schema, compiler) => {
    const check = compiler.compile(operand);
    return onObject((object, evaluation) => {
      const wrong = listOwnNames(object, evaluation).filter(
        (name) => !evaluation.attempt(check, name).passes,
      );
      return (
        wrong.length === 0 || evaluation.complain(`must not have names as ${quoteNames(wrong)}`)
      );
    });
  },
  minProperties: (operand) =>
    onObject(
      (object, evaluation) =>
        listOwnNames(object, evaluation).length >= Number(operand) ||
        evaluation.complain(`must not have fewer than ${Number(operand)} properties`),
    ),
  maxProperties: (operand) =>
    onObject(
      (object, evaluation) =>
        listOwnNames(object, evaluation).length <= Number(operand) ||
        evaluation.complain(`must not have more than ${Number(operand)} properties`),
    ),
  dependentRequired: (operand) =>
    compileDependencies(
      Object.entries(toObject(operand)).map(
        ([name, names]) => [name, requireBeside(name, names)] as const,
      ),
    ),
  dependentSchemas: (operand, _schema, compiler) =>
    compileDependencies(compileMembers(operand, compiler)),
  // Two keywords in one, from before there were two.
  dependencies: (operand, _schema, compiler) =>
    compileDependencies(
      Object.entries(toObject(operand)).map(
        ([name, needed]) =>
          [
            name,
            isJsonArray(needed) ? requireBeside(name, needed) : compiler.compile(needed),
          ] as const,
      ),
    ),
};

/** Looks at what no other keyword has looked at: stands behind them all. */
export const unevaluatedProperties: Keyword = (operand, _schema, compiler) =>
  checkRest(operand, compiler, (name, evaluation) => !evaluation.wasSeen(name));

function onObject(check: (object: JsonObject, evaluation: Evaluation) => boolean): Check {
  return (value, evaluation) => !isJsonObject(value) || check(value, evaluation);
}

/** @param isRest whether a member of this name is one of the rest */
function checkRest(
  schema: JsonValue,
  compiler: SchemaCompiler,
  isRest: (name: string, evaluation: Evaluation) => boolean,
): Check {
  const check = compiler.compile(schema);
  return onObject((object, evaluation) => {
    const rest = listOwnNames(object, evaluation).filter((name) => isRest(name, evaluation));
    if (schema === false && rest.length > 0) {
      return evaluation.complain(`must not have ${quoteNames(rest)}`);
    }
    let passes = true;
    for (const name of rest) {
      if (!evaluation.inside(name, check, object[name] ?? null)) passes = false;
    }
    return passes;
  });
}

function compileDependencies(checks: readonly (readonly [name: string, check: Check])[]): Check {
  return onObject((object, evaluation) => {
    evaluation.spend(checks.length);
    const due = checks.filter(([name]) => Object.hasOwn(object, name));
    return evaluation.all(
      due.map(([, check]) => check),
      object,
    );
  });
}

function requireBeside(name: string, needed: JsonValue): Check {
  const names = toTexts(needed);
  return onObject((object, evaluation) => {
    const missing = names.filter((other) => !Object.hasOwn(object, other));
    if (missing.length === 0) return true;
    return evaluation.complain(`must have ${quoteValues(missing)} beside ${quoteValues([name])}`);
  });
}

function compileMembers(operand: JsonValue, compiler: SchemaCompiler) {
  return Object.entries(toObject(operand)).map(
    ([name, schema]) => [name, compiler.compile(schema)] as const,
  );
}

function listOwnNames(object: JsonObject, evaluation: Evaluation): string[] {
  const names = Object.keys(object);
  evaluation.spend(names.length);
  return names;
}

function matches(pattern: LinearPattern, name: string, evaluation: Evaluation): boolean {
  evaluation.spend(pattern.boundSteps(name));
  return pattern.test(name);
}
