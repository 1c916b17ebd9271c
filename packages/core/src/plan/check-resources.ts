import type { KeyRingConfiguration, NamedKey } from "../vocabulary/named-key.ts";
import type { Problem } from "../vocabulary/problem.ts";
import { suggestName } from "../document/suggest-name.ts";
import { listSteps, type Pipeline } from "../pipeline/pipeline.ts";
import { findPrice } from "../usage/prices.ts";

/** What a pipeline asks of the keys that they do not give. */
export function findKeyProblems(pipeline: Pipeline, { keys }: KeyRingConfiguration): Problem[] {
  const names = keys.map((key) => key.name);
  const unknown = (pipeline.keys ?? []).filter((name) => !names.includes(name));
  if (unknown.length > 0) return unknown.map((name) => toUnknownKey(name, names, pipeline.file));
  const usable = keys.filter(({ name }) => pipeline.keys?.includes(name) ?? true);
  const allowed = usable.map(({ name }) => name).join(", ");
  return listSteps(pipeline)
    .filter(({ model }) => !usable.some((key) => mayServe(key, model)))
    .map(({ id, model, place }) => ({
      code: "model-not-allowed" as const,
      message: `no key may serve the model "${model}" of step "${id}"`,
      remedy: `Add it to "models" of one of these keys: ${allowed}`,
      ...place,
    }));
}

/** What keeps a budget from being kept: an unknown price, or replies without a bound. */
export function findBudgetProblems(pipeline: Pipeline, budgetUsd: number | undefined): Problem[] {
  if (budgetUsd === undefined) return [];
  return listSteps(pipeline).flatMap((step): Problem[] => {
    if (!findPrice(step.model)) {
      const message = `a budget needs the price of "${step.model}", which is not known`;
      const remedy = "Take out the budget, or use a model with a known price";
      return [{ code: "unknown-model", message, remedy, ...step.place }];
    }
    if (step.maxOutputTokens === undefined) {
      const message = `a budget needs a bound on the replies of step "${step.id}"`;
      const remedy = 'Give the step, or "defaults", a maxOutputTokens';
      return [{ code: "missing-field", message, remedy, ...step.place }];
    }
    return [];
  });
}

function mayServe(key: NamedKey, model: string): boolean {
  return key.models?.includes(model) ?? true;
}

function toUnknownKey(name: string, names: readonly string[], file: string): Problem {
  const meant = suggestName(name, names);
  return {
    code: "unknown-key",
    message: `the pipeline names the key "${name}", which is not there`,
    remedy:
      meant === undefined ? `Name one of these: ${names.join(", ")}` : `Did you mean "${meant}"?`,
    file,
  };
}
