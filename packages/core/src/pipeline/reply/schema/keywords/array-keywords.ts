import { isJsonArray, type JsonValue } from "../../../../vocabulary/json.ts";
import type { Check, Evaluation } from "../evaluation.ts";
import { ValueSet } from "../value-set.ts";
import type { Keyword, Keywords } from "./keyword.ts";
import { toArray } from "./operand.ts";

type Items = readonly JsonValue[];

export const arrayKeywords: Keywords = {
  prefixItems: (operand, _schema, compiler) => {
    const checks = toArray(operand).map((schema) => compiler.compile(schema));
    return onArray((items, evaluation) => {
      let passes = true;
      for (const [index, check] of checks.slice(0, items.length).entries()) {
        if (!evaluation.inside(index, check, items[index] ?? null)) passes = false;
      }
      return passes;
    });
  },
  items: (operand, schema, compiler) => {
    const check = compiler.compile(operand);
    const first = toArray(schema["prefixItems"]).length;
    return onArray((items, evaluation) =>
      checkItems(items, check, evaluation, (index) => index >= first),
    );
  },
  contains: (operand, schema, compiler) => {
    const check = compiler.compile(operand);
    const least = Number(schema["minContains"] ?? 1);
    const most = Number(schema["maxContains"] ?? Infinity);
    return onArray((items, evaluation) => {
      let count = 0;
      for (const [index, item] of items.entries()) {
        if (!evaluation.attempt(check, item).passes) continue;
        evaluation.markSeen(index);
        count += 1;
      }
      if (count < least) return evaluation.complain(`must contain at least ${least} valid items`);
      return count <= most || evaluation.complain(`must contain at most ${most} valid items`);
    });
  },
  minItems: (operand) =>
    onArray(
      (items, evaluation) =>
        items.length >= Number(operand) ||
        evaluation.complain(`must not have fewer than ${Number(operand)} items`),
    ),
  maxItems: (operand) =>
    onArray(
      (items, evaluation) =>
        items.length <= Number(operand) ||
        evaluation.complain(`must not have more than ${Number(operand)} items`),
    ),
  uniqueItems: (operand) =>
    onArray((items, evaluation) => {
      if (operand !== true) return true;
      const found = new ValueSet();
      evaluation.spend(items.length);
      return (
        items.every((item) => found.add(item, evaluation)) ||
        evaluation.complain("must not have duplicate items")
      );
    }),
};

/** Looks at what no other keyword has looked at: stands behind them all. */
export const unevaluatedItems: Keyword = (operand, _schema, compiler) => {
  const check = compiler.compile(operand);
  return onArray((items, evaluation) =>
    checkItems(items, check, evaluation, (index) => !evaluation.wasSeen(index)),
  );
};

function onArray(check: (items: Items, evaluation: Evaluation) => boolean): Check {
  return (value, evaluation) => !isJsonArray(value) || check(value, evaluation);
}

function checkItems(
  items: Items,
  check: Check,
  evaluation: Evaluation,
  isMeant: (index: number) => boolean,
): boolean {
  let passes = true;
  evaluation.spend(items.length);
  for (const [index, item] of items.entries()) {
    if (isMeant(index) && !evaluation.inside(index, check, item)) passes = false;
  }
  return passes;
}
