export type { Clock } from "./clock.ts";
export type { Fault, FaultInput, FaultKind } from "./scenario/fault-schema.ts";
export { parseScenario } from "./scenario/parse-scenario.ts";
export { ScenarioError, type ScenarioProblem } from "./scenario/scenario-error.ts";
export type { Scenario, ScenarioInput } from "./scenario/scenario-schema.ts";
export { secretForKey } from "./scenario/secret-for-key.ts";
export { startSimulator, type Simulator, type SimulatorOptions } from "./start-simulator.ts";
export type { SimulatorStatistics } from "./statistics.ts";
