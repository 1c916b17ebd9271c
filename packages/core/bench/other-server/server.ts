/**
 * A server that shares nothing with the simulator, for `run.ts`. It counts requests in buckets of a
 * second, refused ones too, and tells its counts or does not. It speaks
 * over HTTP only; its parent process sets it up by the first line on its standard input.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createInterface } from "node:readline";

export interface OtherServerSetup {
  /** Undefined: nothing is limited. */
  readonly requestsPerMinute: number | undefined;
  readonly tellsHeaders: boolean;
  readonly medianMs: number;
  readonly sigma: number;
  /** Share of requests that are turned away by lot, with a wait of a second. */
  readonly shedShare: number;
  readonly seed: number;
}

const COMPLETION = {
  choices: [{ index: 0, message: { role: "assistant", content: "fine" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 20, completion_tokens: 1, total_tokens: 21 },
};

function serve(setup: OtherServerSetup): void {
  const random = createLcg(setup.seed);
  const perSecond = (setup.requestsPerMinute ?? Infinity) / 60;
  const buckets = new Map<string, { second: number; left: number }>();
  const latencies: number[] = [];
  let refused = 0;

  const server = createServer((request, response) => {
    if (request.url === "/statistics") {
      send(response, 200, { refused, latencies });
      return;
    }
    request.resume();
    request.on("end", () => answer(request, response));
  });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const key = request.headers.authorization ?? "";
    const second = Math.floor(Date.now() / 1_000);
    const known = buckets.get(key);
    const bucket = known?.second === second ? known : { second, left: perSecond };
    buckets.set(key, bucket);
    bucket.left -= 1;
    tell(response, bucket.left);
    if (random() < setup.shedShare || bucket.left < 0) {
      refused += 1;
      response.setHeader("retry-after", "1");
      send(response, 429, { error: { message: "Too many requests", code: "rate_limit_exceeded" } });
      return;
    }
    const latencyMs = setup.medianMs * Math.exp(setup.sigma * normal(random));
    latencies.push(latencyMs);
    setTimeout(() => send(response, 200, COMPLETION), latencyMs);
  }

  function tell(response: ServerResponse, left: number): void {
    if (!setup.tellsHeaders) return;
    const limit = setup.requestsPerMinute ?? 600_000_000;
    const remaining = Number.isFinite(left) ? Math.max(0, Math.floor(left)) : limit;
    response.setHeader("x-ratelimit-limit-requests", limit);
    response.setHeader("x-ratelimit-remaining-requests", remaining);
    response.setHeader("x-ratelimit-reset-requests", "1s");
  }

  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object") process.stdout.write(`${address?.port}\n`);
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** Numerical Recipes' generator: the same draws in every run. */
function createLcg(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

createInterface({ input: process.stdin }).once("line", (line) => serve(JSON.parse(line)));
