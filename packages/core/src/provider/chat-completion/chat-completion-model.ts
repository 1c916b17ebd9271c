import { APIError } from "openai";
import type { Clock } from "../../vocabulary/clock.ts";
import { InvariantError } from "../../vocabulary/error.ts";
import type { ModelRequest } from "../../vocabulary/model-request.ts";
import type { NamedKey } from "../../vocabulary/named-key.ts";
import type { Provider, SendOutcome } from "../../vocabulary/provider.ts";
import type { Redact } from "../../vocabulary/redaction.ts";
import { KeyClient } from "../client/key-client.ts";
import type { Transport } from "../client/transport.ts";
import { describeFailure } from "../failure/describe-failure.ts";
import { parseRateLimitHeaders } from "../reply/rate-limit-headers.ts";
import { buildChatCompletion } from "./build-chat-completion.ts";
import { readReply } from "./read-reply.ts";

export interface ProviderParts {
  readonly clock: Clock;
  readonly redact: Redact;
  readonly transport: Transport;
}

const PATH = "/chat/completions";

/** Node's longest timer, about 25 days; a longer one would fire after 1 ms. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The Chat Completions endpoint of the API, through one openai client for each key. */
export class ChatCompletionModel {
  readonly #parts: ProviderParts;
  /** By the key object, not its name: a key that is replaced under the same name gets a new client. */
  readonly #clients = new WeakMap<NamedKey, KeyClient>();

  constructor(parts: ProviderParts) {
    this.#parts = parts;
  }

  /** As the port says. */
  async send(
    request: ModelRequest,
    key: NamedKey,
    { timeoutMs, signal }: Parameters<Provider["send"]>[2],
  ): Promise<SendOutcome> {
    const { clock, redact } = this.#parts;
    signal?.throwIfAborted();
    try {
      const timeout = Math.min(Math.ceil(timeoutMs), MAX_TIMEOUT_MS);
      const response = await this.#clientOf(key).send(PATH, buildChatCompletion(request), {
        timeoutMs: timeout,
        signal,
      });
      return readReply(response, await response.text(), { redact, nowMs: clock.now() });
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof InvariantError) throw error;
      const failure = describeFailure(error, { redact, nowMs: clock.now(), timeoutMs });
      const headers = error instanceof APIError ? error.headers : undefined;
      return { kind: "failed", failure, rateLimit: headers && parseRateLimitHeaders(headers) };
    }
  }

  #clientOf(key: NamedKey): KeyClient {
    let client = this.#clients.get(key);
    if (!client) {
      client = new KeyClient(key, this.#parts);
      this.#clients.set(key, client);
    }
    return client;
  }
}
