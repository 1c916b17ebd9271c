import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import { ApiError, invalidRequest } from "../replies/api-error.ts";
import type { Scenario } from "../scenario/scenario-schema.ts";
import { Simulation } from "./simulation.ts";
import { ControlService } from "./control-service.ts";
import { Exchange } from "./exchange.ts";
import { readBody } from "./read-body.ts";

const MODEL_PREFIX = "GET /models/";

/** Hands each request to the service that answers it. */
export class Router {
  readonly #clock: Clock;
  readonly #scenario: Scenario;
  readonly #control: ControlService;
  #simulation: Simulation;
  #requests = 0;

  constructor(scenario: Scenario, clock: Clock) {
    this.#clock = clock;
    this.#scenario = scenario;
    this.#simulation = new Simulation(scenario, clock);
    this.#control = new ControlService({
      simulation: () => this.#simulation,
      reset: () => this.reset(),
    });
  }

  get simulation(): Simulation {
    return this.#simulation;
  }

  /** Starts the scenario over. Requests in flight end as they would have. */
  reset(): void {
    this.#simulation = new Simulation(this.#scenario, this.#clock);
  }

  async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = describeRoute(request);
    this.#requests += 1;
    const exchange = new Exchange(request, response, {
      id: `req_sim${this.#requests}`,
      clock: this.#clock,
      statistics: this.#simulation.statistics,
    });
    try {
      const body = await readBody(request);
      if (route.includes(" /simulator/")) this.#control.serve(route, body, response);
      else this.#serveApi(route, body, exchange);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else exchange.sendError(error instanceof ApiError ? error : makeInternalError(error));
    }
  }

  #serveApi(route: string, body: Buffer, exchange: Exchange): void {
    const { chat, models } = this.#simulation;
    if (route === "POST /chat/completions") chat.serve(exchange, body);
    else if (route === "GET /models") models.list(exchange);
    else if (route.startsWith(MODEL_PREFIX)) {
      models.retrieve(exchange, decodeURIComponent(route.slice(MODEL_PREFIX.length)));
    } else {
      throw invalidRequest(`Unknown request URL: ${route}.`, { status: 404, code: "unknown_url" });
    }
  }
}

/** Method and path, without the query and without `/v1`: `POST /chat/completions`. */
function describeRoute({ method = "", url = "" }: IncomingMessage): string {
  const [path = ""] = url.split("?", 1);
  return `${method} ${path.startsWith("/v1/") ? path.slice(3) : path}`;
}

function makeInternalError(error: unknown): ApiError {
  const message = `The simulator failed: ${error instanceof Error ? error.message : String(error)}`;
  return new ApiError({ status: 500, message, type: "server_error", code: "simulator_failed" });
}
