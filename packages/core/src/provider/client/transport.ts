// oxlint-disable-next-line typescript/triple-slash-reference -- those who compile these sources need it too
/// <reference path="./undici-agent.d.ts" />
import Agent from "undici/lib/dispatcher/agent.js";
import { InvariantError } from "../../vocabulary/error.ts";
import { MAX_BODY_BYTES } from "./body-encoding.ts";
import { Exchange } from "./exchange.ts";

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A minimal HTTP client: whole replies, no redirects, no time-outs of its own. */
export interface Transport {
  /**
   * A `fetch` for POST requests to one origin only. It resolves when the whole body has arrived, so
   * that the deadline of its signal covers all of it. A redirect is a reply like any other.
   * @throws TransportError when no whole reply came; InvariantError for another origin.
   */
  bindTo(origin: string): Fetch;
  /** Closes all connections at once; calls in flight end as broken. */
  close(): Promise<void>;
}

export function createTransport(): Transport {
  const agent = new Agent({
    // HTTP/2 gains nothing for small replies, and one lost connection would fail all its calls.
    allowH2: false,
    pipelining: 1,
    // Each call has its own deadline; a long answer may take longer than undici's 300 s.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MAX_BODY_BYTES,
  });
  return {
    bindTo: (origin) => async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.origin !== origin) {
        throw new InvariantError(`A key bound to ${origin} was about to be sent to ${url.origin}.`);
      }
      if (typeof init?.body !== "string") throw new InvariantError("A body must be a string.");
      const headers = init.headers instanceof Headers ? init.headers : new Headers(init.headers);
      return new Exchange(init.signal ?? undefined).send(agent, url, headers, init.body);
    },
    close: () => agent.destroy(),
  };
}
