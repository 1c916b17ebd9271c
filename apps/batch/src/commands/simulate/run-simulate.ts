import { startScenario } from "../../simulation/start-scenario.ts";
import { readScenario } from "../../simulation/read-scenario.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import type { SimulateFlags } from "./simulate-flags.ts";
import { formatStatistics } from "./format-statistics.ts";
import { formatWelcome } from "./format-welcome.ts";

/** `rota simulate`: serves until it is told to stop, then says what it saw. */
export async function runSimulate(
  terminal: Terminal,
  { port }: SimulateFlags,
  scenarioFile?: string,
): Promise<ExitCode> {
  const { stderr } = terminal;
  const scenario = readScenario(scenarioFile);
  const simulator = await startScenario(scenario, port);
  const stopped = Promise.withResolvers<void>();
  const forget = terminal.onStopSignal(stopped.resolve);
  stderr.write(formatWelcome(scenario, simulator.url, stderr.palette));
  await stopped.promise;
  forget();
  const statistics = simulator.stats();
  await simulator.close();
  stderr.write(formatStatistics(statistics, stderr.palette));
  return EXIT_CODE.success;
}
