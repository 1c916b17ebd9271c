import { once } from "node:events";
import { createServer } from "node:http";
import { systemClock, type Clock } from "./clock.ts";
import type { FaultInput } from "./scenario/fault-schema.ts";
import { completeScenario } from "./scenario/parse-scenario.ts";
import type { ScenarioInput } from "./scenario/scenario-schema.ts";
import { Router } from "./server/router.ts";
import type { SimulatorStatistics } from "./statistics.ts";

export interface SimulatorOptions {
  /** Default: any key is accepted, without limits. */
  readonly scenario?: ScenarioInput | undefined;
  /** @default 0, any free port */
  readonly port?: number | undefined;
  /** @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** @default the real time */
  readonly clock?: Clock | undefined;
}

export interface Simulator {
  /** Base URL for clients, such as `http://127.0.0.1:40123/v1`. */
  readonly url: string;
  readonly port: number;
  stats(): SimulatorStatistics;
  /**
   * Adds a fault from now on, before the scenario's own.
   * @throws ScenarioError when the fault names a key or group that is not there.
   */
  addFault(fault: FaultInput): void;
  /** Starts the scenario over: full buckets, no memory, and only its own faults. */
  reset(): void;
  /** Closes the port and every connection, answered or not. */
  close(): Promise<void>;
}

/**
 * Starts a server that speaks OpenAI's API without a model behind it.
 * @throws ScenarioError when the scenario is wrong, or the system's error when the port is taken.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    scenario = { unknownKeys: "accept" },
    port = 0,
    host = "127.0.0.1",
    clock = systemClock,
  } = options;
  const router = new Router(completeScenario(scenario), clock);
  // Clients keep connections for longer than Node's 5 s, and must not find them closed under a request.
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    void router.route(request, response);
  });
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://${host}:${address.port}/v1`,
    port: address.port,
    stats: () => router.simulation.stats(),
    addFault: (fault) => router.simulation.addFault(fault),
    reset: () => router.reset(),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
