import { ANY_MODEL, type KeyRingConfiguration } from "@rota/core";
import type { Scenario } from "@rota/simulator";

/** Keys of the scenario's names, with the limit groups and limits that the scenario gives them. */
export function grantScenarioLimits(
  configuration: KeyRingConfiguration,
  scenario: Scenario,
): KeyRingConfiguration {
  return {
    keys: configuration.keys.map((key) => ({
      ...key,
      limitGroup: scenario.keys[key.name]?.limitGroup ?? key.name,
      models: scenario.keys[key.name]?.models,
    })),
    limits: new Map(
      Object.entries(scenario.limitGroups).map(([group, { models, ...general }]) => [
        group,
        new Map([[ANY_MODEL, general], ...Object.entries(models)]),
      ]),
    ),
  };
}
