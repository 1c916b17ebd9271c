import { OpenAI } from "openai";
import type { Clock } from "../../vocabulary/clock.ts";
import type { NamedKey } from "../../vocabulary/named-key.ts";
import type { Fetch, Transport } from "./transport.ts";

type RequestOptions = Parameters<OpenAI["buildRequest"]>[0];
type BuiltRequest = Awaited<ReturnType<OpenAI["buildRequest"]>>;

/** The secret of a key cannot go into a header. The message does not show it. */
export class UnusableSecretError extends Error {}

/** Visible ASCII: all that a bearer token may be made of, and more. */
const SENDABLE = /^[\x21-\x7e]+$/;

/**
 * The openai client of one key, for one endpoint of the API. It reads nothing from the environment,
 * logs nothing, and never tries again. To be shown to nobody: an inspected client shows its key.
 *
 * The client builds the headers of each request anew, which costs as much as sending it. For one
 * key and endpoint they are always the same, so the first request's are kept; only the body changes.
 */
export class KeyClient extends OpenAI {
  readonly #clock: Clock;
  readonly #fetch: Fetch;
  #first: Promise<BuiltRequest> | undefined;

  /** @throws UnusableSecretError */
  constructor(
    { name, endpoint, secret }: NamedKey,
    { transport, clock }: { transport: Transport; clock: Clock },
  ) {
    const apiKey = secret.reveal();
    if (!SENDABLE.test(apiKey)) {
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

  override async buildRequest(options: RequestOptions): Promise<BuiltRequest> {
    this.#first ??= super.buildRequest(options);
    const { req, url } = await this.#first;
    const body = JSON.stringify(options.body);
    const timeout = options.timeout ?? this.timeout;
    return { req: { ...req, body, signal: options.signal ?? null }, url, timeout };
  }

  /**
   * Sends, and gives up at the deadline or when the caller does. The client's own way combines
   * signals anew for each request, which is a tenth of what a call costs.
   */
  override async fetchWithTimeout(
    url: Parameters<OpenAI["fetchWithTimeout"]>[0],
    init: RequestInit | undefined,
    timeoutMs: number,
    controller: AbortController,
  ): Promise<Response> {
    const { signal } = init ?? {};
    const giveUp = () => controller.abort();
    if (signal?.aborted) giveUp();
    signal?.addEventListener("abort", giveUp, { once: true });
    const cancel = this.#clock.schedule(timeoutMs, giveUp);
    try {
      return await this.#fetch(url, { ...init, signal: controller.signal });
    } finally {
      cancel();
      signal?.removeEventListener("abort", giveUp);
    }
  }
}
