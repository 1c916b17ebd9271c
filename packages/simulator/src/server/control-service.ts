import type { ServerResponse } from "node:http";
import { ScenarioError } from "../scenario/scenario-error.ts";
import type { Scenario } from "../scenario/scenario-schema.ts";
import type { Simulation } from "./simulation.ts";
import { SIMULATOR_NAME } from "../simulator-name.ts";

/** What the control endpoint needs of the simulator. */
interface Controls {
  readonly simulation: () => Simulation;
  readonly reset: () => void;
}

/** `/simulator/*`: watch and steer the simulator. No key is asked for: by default, only this machine can connect. */
export class ControlService {
  readonly #controls: Controls;

  constructor(controls: Controls) {
    this.#controls = controls;
  }

  serve(route: string, body: Buffer, response: ServerResponse): void {
    const simulation = this.#controls.simulation();
    switch (route) {
      case "GET /simulator/stats":
        return sendJson(response, 200, simulation.stats());
      case "GET /simulator/scenario":
        return sendJson(response, 200, hideSecrets(simulation.scenario));
      case "POST /simulator/reset":
        this.#controls.reset();
        return sendJson(response, 200, { reset: true });
      case "POST /simulator/faults":
        return addFault(simulation, body, response);
      default:
        return sendJson(response, 404, { error: { message: `There is no ${route}.` } });
    }
  }
}

function addFault(simulation: Simulation, body: Buffer, response: ServerResponse): void {
  try {
    simulation.addFault(JSON.parse(body.toString()));
  } catch (error) {
    if (!(error instanceof ScenarioError) && !(error instanceof SyntaxError)) throw error;
    return sendJson(response, 400, { error: { message: error.message } });
  }
  sendJson(response, 201, { added: true });
}

/** Without the keys' secrets: a scenario may hold real ones by mistake. */
function hideSecrets(scenario: Scenario): unknown {
  const keys = Object.entries(scenario.keys).map(([name, { limitGroup, models }]) => [
    name,
    { limitGroup, models },
  ]);
  return { simulator: SIMULATOR_NAME, ...scenario, keys: Object.fromEntries(keys) };
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "x-rota-simulated": "true" });
  response.end(JSON.stringify(value));
}
