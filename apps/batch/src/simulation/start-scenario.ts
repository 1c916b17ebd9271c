import { ProblemsError } from "@rota/core";
import { startSimulator, type ScenarioInput, type Simulator } from "@rota/simulator";

/**
 * Starts the simulator.
 * @param port 0 takes a free one.
 * @throws ProblemsError when the port cannot be had.
 */
export async function startScenario(scenario: ScenarioInput, port: number): Promise<Simulator> {
  try {
    return await startSimulator({ scenario, port });
  } catch (cause) {
    if (!(cause instanceof Error && "syscall" in cause && cause.syscall === "listen")) throw cause;
    const message = `the simulator cannot listen on port ${port}: ${cause.message}`;
    const remedy = "Choose another port with --port, or leave it out to take a free one";
    throw new ProblemsError([{ code: "option", message, remedy }], { cause });
  }
}
