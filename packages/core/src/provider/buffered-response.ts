import type { IncomingHttpHeaders } from "undici/types/header.js";
import type { HeaderSource } from "./header-source.ts";

/** What the openai client touches of a response whose body is not streamed. */
type TouchedResponse = Pick<Response, "body" | "ok" | "status" | "text" | "url"> & {
  readonly headers: Pick<Headers, "entries" | "get">;
};

/**
 * The least that passes for a `Response` with the openai client: a real one, with its streams, costs
 * about as much time as sending the request.
 */
export function toResponse(status: number, headers: IncomingHttpHeaders, text: string): Response {
  const response: TouchedResponse = {
    status,
    ok: status >= 200 && status <= 299,
    headers: new ReplyHeaders(headers),
    url: "",
    body: null,
    text: () => Promise.resolve(text),
  };
  // Narrower than a Response on purpose; the conformance suite shows that the client needs no more.
  return response as Response;
}

/** The headers stay private, so that the client does not copy them for the log that it won't write. */
class ReplyHeaders implements HeaderSource {
  readonly #headers: IncomingHttpHeaders;

  constructor(headers: IncomingHttpHeaders) {
    this.#headers = headers;
  }

  get(name: string): string | null {
    const value = this.#headers[name];
    if (value === undefined) return null;
    return typeof value === "string" ? value : value.join(", ");
  }

  /** Read for the client's log only, which is off. */
  entries(): ReturnType<Headers["entries"]> {
    return new Headers().entries();
  }
}
