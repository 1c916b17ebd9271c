import { ANY_MODEL, type KeyRingConfiguration, type RateLimits } from "@rota/core";
import type { Scenario, ScenarioInput } from "@rota/simulator";

/** What the simulator grants a limit group that nobody named limits for: to be learned. */
const UNNAMED_LIMITS: RateLimits = { requestsPerMinute: 600, tokensPerMinute: 200_000 };

type GroupLimits = NonNullable<ScenarioInput["limitGroups"]>[string];

/**
 * The scenario, with the keys of a key file let in. What the scenario says of a key or a limit
 * group holds; of all others the key file's own limits do.
 */
export function admitKeys(configuration: KeyRingConfiguration, scenario: Scenario): ScenarioInput {
  const groups = new Set(configuration.keys.map(({ limitGroup }) => limitGroup));
  return {
    ...scenario,
    keys: {
      ...Object.fromEntries(
        configuration.keys.map(({ name, limitGroup }) => [name, { limitGroup }]),
      ),
      ...scenario.keys,
    },
    limitGroups: {
      ...Object.fromEntries([...groups].map((group) => [group, limitsOf(configuration, group)])),
      ...scenario.limitGroups,
    },
  };
}

function limitsOf(configuration: KeyRingConfiguration, group: string): GroupLimits {
  const limits = new Map(configuration.limits.get(group));
  const general = limits.get(ANY_MODEL) ?? (limits.size === 0 ? UNNAMED_LIMITS : {});
  limits.delete(ANY_MODEL);
  const models = [...limits].map(([model, { requestsPerMinute, tokensPerMinute }]) => [
    model,
    { requestsPerMinute, tokensPerMinute },
  ]);
  return { ...general, models: Object.fromEntries(models) };
}
