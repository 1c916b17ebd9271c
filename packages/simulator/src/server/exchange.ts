import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import type { ApiError } from "../replies/api-error.ts";
import type { Reply } from "../replies/reply.ts";
import type { Statistics } from "../statistics.ts";
import { transmit, type Transmission } from "./transmission.ts";

/** One HTTP request to the API; sends its answer, with the headers that all answers have. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #id: string;
  readonly #clock: Clock;
  readonly #statistics: Statistics;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    options: { id: string; clock: Clock; statistics: Statistics },
  ) {
    this.request = request;
    this.#response = response;
    this.#id = options.id;
    this.#clock = options.clock;
    this.#statistics = options.statistics;
  }

  sendJson(value: unknown, options: { status?: number; headers?: readonly string[] } = {}): void {
    const body = JSON.stringify(value);
    const { status = 200, headers = [] } = options;
    this.#writeHead(status, [
      "content-type",
      "application/json",
      "content-length",
      String(Buffer.byteLength(body)),
      ...headers,
    ]);
    this.#response.end(body);
  }

  sendError(error: ApiError): void {
    this.sendJson(error, { status: error.status, headers: error.headers });
  }

  /** Sends a reply as planned. `onDone` is called once, even when the client disconnects. */
  sendReply(
    reply: Reply,
    transmission: Transmission,
    options: { headers: readonly string[]; onDone: () => void },
  ): void {
    const writeHead = () => {
      this.#writeHead(200, [
        "openai-processing-ms",
        String(Math.round(transmission.pace.beforeMs)),
        ...describeBody(reply, transmission),
        ...options.headers,
      ]);
    };
    transmit(this.#response, transmission, {
      clock: this.#clock,
      writeHead,
      onDone: options.onDone,
    });
  }

  #writeHead(status: number, headers: readonly string[]): void {
    this.#statistics.countStatus(status);
    this.#response.writeHead(status, [
      "x-request-id",
      this.#id,
      "x-rota-simulated",
      "true",
      ...headers,
    ]);
  }
}

/** A stream's length is not known beforehand; a body's is that of the whole, also when half is sent. */
function describeBody(reply: Reply, transmission: Transmission): string[] {
  const headers = ["content-type", reply.contentType];
  if (reply.contentEncoding) headers.push("content-encoding", reply.contentEncoding);
  if (reply.contentType === "text/event-stream") return headers;
  const parts = transmission.ending === "end" ? transmission.parts : reply.parts;
  const length = parts.reduce((total, part) => total + Buffer.byteLength(part), 0);
  return [...headers, "content-length", String(length)];
}
