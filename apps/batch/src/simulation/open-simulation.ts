import {
  keysFromSecrets,
  loadKeys,
  ProblemsError,
  type Problem,
  type KeyRingConfiguration,
} from "@rota/core";
import type { Scenario } from "@rota/simulator";
import type { Environment } from "../terminal/terminal.ts";
import { admitKeys } from "./admit-keys.ts";
import { grantScenarioLimits } from "./grant-scenario-limits.ts";
import { readScenario } from "./read-scenario.ts";
import { secretInScenario } from "./scenario-secret.ts";
import { startScenario } from "./start-scenario.ts";

export interface Simulation {
  /** Keys that lead to the simulator and nowhere else. */
  readonly configuration: KeyRingConfiguration;
  close(): Promise<void>;
}

/**
 * Starts the simulator inside this process and makes keys for it: those of the key file, of which
 * no real secret is read, or else those of the scenario.
 * @param options.scenarioFile undefined for the built-in scenario.
 * @throws ProblemsError for a wrong scenario or key file.
 */
export async function openSimulation(options: {
  readonly scenarioFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly environment: Environment;
}): Promise<Simulation> {
  const { scenarioFile, keyFile, environment } = options;
  const scenario = readScenario(scenarioFile);
  if (keyFile === undefined) {
    if (Object.keys(scenario.keys).length === 0) throw new ProblemsError([noKeysIn(scenarioFile)]);
    const simulator = await startScenario(scenario, 0);
    const keys = keysFromSecrets(secretsOf(scenario), { baseUrl: simulator.url });
    return { configuration: grantScenarioLimits(keys, scenario), close: () => simulator.close() };
  }
  const secretFor = (name: string) => secretInScenario(scenario, name);
  const loadFor = (baseUrl: string) =>
    loadKeys({ file: keyFile, environment, endpoint: { baseUrl, secretFor } });
  // Who is to be let in must be known before there is an address.
  const named = loadFor("http://127.0.0.1/v1");
  const asGranted =
    scenarioFile === undefined ? { ...scenario, keys: {}, limitGroups: {} } : scenario;
  const simulator = await startScenario(admitKeys(named, asGranted), 0);
  return { configuration: loadFor(simulator.url), close: () => simulator.close() };
}

function noKeysIn(file: string | undefined): Problem {
  const message = "the scenario has no keys, and there is no key file";
  const remedy = "Name keys in the scenario, or give a key file with --keys";
  return { code: "no-key", file, message, remedy };
}

function secretsOf(scenario: Scenario): Map<string, string> {
  const names = Object.keys(scenario.keys);
  return new Map(names.map((name) => [name, secretInScenario(scenario, name)]));
}
