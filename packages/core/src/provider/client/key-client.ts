import { OpenAI } from "openai";
import type { Clock } from "../../vocabulary/clock.ts";
import type { NamedKey } from "../../vocabulary/named-key.ts";
import { isSendableSecret } from "../../vocabulary/secret.ts";
import { scheduleDeadline } from "./deadline.ts";
import type { Fetch, Transport } from "./transport.ts";

type RequestOptions = Parameters<OpenAI["buildRequest"]>[0];
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
  /** The first request of each method and path. The API's paths are few, and hold no ids. */
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

  override async buildRequest(options: RequestOptions): Promise<BuiltRequest> {
    // A query belongs to the address. No endpoint that is called often has one.
    if (options.query) return super.buildRequest(options);
    const { req, url } = await this.#buildOnce(options);
    const body = JSON.stringify(options.body);
    const timeout = options.timeout ?? this.timeout;
    return { req: { ...req, body, signal: options.signal ?? null }, url, timeout };
  }

  #buildOnce(options: RequestOptions): Promise<BuiltRequest> {
    const target = `${options.method} ${options.path}`;
    let built = this.#built.get(target);
    if (!built) {
      built = super.buildRequest(options);
      this.#built.set(target, built);
    }
    return built;
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
    const cancel = scheduleDeadline(this.#clock, timeoutMs, giveUp);
    try {
      return await this.#fetch(url, { ...init, signal: controller.signal });
    } finally {
      cancel();
      signal?.removeEventListener("abort", giveUp);
    }
  }
}
