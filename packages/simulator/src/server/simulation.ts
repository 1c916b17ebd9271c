import type { Clock } from "../clock.ts";
import { ContentMemory } from "../content-memory.ts";
import { FaultPlan } from "../faults/fault-plan.ts";
import { completeScenario } from "../scenario/parse-scenario.ts";
import type { Scenario } from "../scenario/scenario-schema.ts";
import { Statistics, type SimulatorStatistics } from "../statistics.ts";
import { ChatService } from "./chat-service.ts";
import { KeyDirectory } from "./key-directory.ts";
import { ModelsService } from "./models-service.ts";

/** One run of a scenario, with its own limits, faults and counts. A reset makes a new one. */
export class Simulation {
  readonly scenario: Scenario;
  readonly statistics = new Statistics();
  readonly chat: ChatService;
  readonly models: ModelsService;
  readonly #faults: FaultPlan;
  readonly #contents: ContentMemory | undefined;

  constructor(scenario: Scenario, clock: Clock) {
    this.scenario = scenario;
    this.#faults = new FaultPlan(scenario.faults, scenario.seed);
    this.#contents = scenario.recordContents ? new ContentMemory() : undefined;
    const parts = {
      scenario,
      clock,
      startedAtMs: clock.now(),
      keys: new KeyDirectory(scenario, clock.now()),
      faults: this.#faults,
      statistics: this.statistics,
      contents: this.#contents,
    };
    this.chat = new ChatService(parts);
    this.models = new ModelsService(parts);
  }

  /** @throws ScenarioError when it is not a fault, or names a key or group that is not there. */
  addFault(fault: unknown): void {
    const { faults } = completeScenario(
      { ...this.scenario, faults: [fault] },
      { fileName: "fault" },
    );
    for (const complete of faults) this.#faults.add(complete);
  }

  stats(): SimulatorStatistics {
    return this.statistics.summarize(this.#contents?.summarize() ?? null);
  }
}
