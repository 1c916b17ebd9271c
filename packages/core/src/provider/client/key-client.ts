import { APIError, OpenAI } from "openai";
import type { Clock } from "../../vocabulary/clock.ts";
import type { NamedKey } from "../../vocabulary/named-key.ts";
import { isSendableSecret } from "../../vocabulary/secret.ts";
import { scheduleDeadline } from "./deadline.ts";
import type { Fetch, Transport } from "./transport.ts";

type BuiltRequest = Awaited<ReturnType<OpenAI["buildRequest"]>>;

/** The secret of a key cannot go into a header. The message does not show it. */
export class UnusableSecretError extends Error {}

/**
 * The openai client of one key. It reads nothing from the environment, logs nothing, and never tries
 * again. Never log or inspect it: it would show the key.
 *
 * The client builds the headers of each request anew, which costs as much as sending it. For one key
 * and one path of the API they are always the same, so the first request to each path is kept; the
 * body is each request's own.
 */
export class KeyClient extends OpenAI {
  readonly #clock: Clock;
  readonly #fetch: Fetch;
  /** The first request to each path. The API's paths are few, and hold no ids. */
  readonly #built = new Map<string, Promise<BuiltRequest>>();

  /** @throws UnusableSecretError */
  constructor(
    { name, endpoint, secret }: NamedKey,
    { transport, clock }: { transport: Transport; clock: Clock },
  ) {
    const apiKey = secret.reveal();
    if (!isSendableSecret(apiKey)) {
      throw new UnusableSecretError(
        `the secret of key ${name} is empty or holds spaces, line breaks or other characters that no key has`,
      );
    }
    const fetch = transport.bindTo(new URL(endpoint.baseUrl).origin);
    super({
      apiKey,
      baseURL: endpoint.baseUrl,
      fetch,
      // What is left undefined would be read from OPENAI_* variables.
      organization: endpoint.organization ?? null,
      project: endpoint.project ?? null,
      adminAPIKey: null,
      webhookSecret: null,
      logLevel: "off",
      maxRetries: 0,
    });
    this.#clock = clock;
    this.#fetch = fetch;
    // Replaces what OPENAI_CUSTOM_HEADERS may have put here. The time-out is each call's own.
    this._options.defaultHeaders = {
      "accept-encoding": "identity",
      "user-agent": "rota",
      "x-stainless-timeout": null,
    };
  }

  /**
   * Posts to one path of the API, and waits for the whole reply. The client's own way through its
   * resources costs more than the request (`bench/provider-cost.ts`).
   * @param options.timeoutMs ends the whole call, its body included
   * @throws APIError when the server refuses; TransportError when no whole reply came; InvariantError
   *   for a path of another origin; the signal's reason
   */
  async send(
    path: string,
    body: object,
    {
      timeoutMs,
      signal,
    }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<Response> {
    const { req, url } = await this.#buildOnce(path, body);
    const ending = new AbortController();
    const giveUp = () => ending.abort();
    signal?.addEventListener("abort", giveUp, { once: true });
    const cancel = scheduleDeadline(this.#clock, timeoutMs, giveUp);
    try {
      signal?.throwIfAborted();
      const init = { ...req, body: JSON.stringify(body), signal: ending.signal };
      const response = await this.#fetch(url, init);
      if (response.ok) return response;
      throw await toRefusal(response);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      cancel();
      signal?.removeEventListener("abort", giveUp);
    }
  }

  #buildOnce(path: string, body: object): Promise<BuiltRequest> {
    let built = this.#built.get(path);
    if (!built) {
      built = this.buildRequest({ method: "post", path, body });
      this.#built.set(path, built);
    }
    return built;
  }
}

/** As the client makes it of a status that is no success. */
async function toRefusal(response: Response): Promise<APIError> {
  const text = await response.text();
  const { status, headers } = response;
  try {
    const body: unknown = JSON.parse(text);
    if (body) return APIError.generate(status, Object(body), undefined, headers);
  } catch {
    // A page of a proxy, or a body that was cut.
  }
  return APIError.generate(status, undefined, text, headers);
}
