import { secretForKey, type Scenario } from "@rota/simulator";

/** What a client sends as the secret of a key. Simulated secrets are no secrets. */
export function secretInScenario(scenario: Scenario, keyName: string): string {
  return scenario.keys[keyName]?.secret ?? secretForKey(keyName);
}
