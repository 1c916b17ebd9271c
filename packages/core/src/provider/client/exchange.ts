import type { Agent, Dispatcher } from "undici";
import type { IncomingHttpHeaders } from "undici/types/header.js";
import { boundRefusal } from "./body-bounds.ts";
import { decodeBody } from "./body-encoding.ts";
import { toTransportError, TransportError } from "./transport-error.ts";
import { makeWholeResponse } from "./whole-response.ts";

/**
 * One POST request and its whole reply, on undici's dispatcher: without streams that costs less than
 * `undici.request`.
 *
 *     waiting ─(connection is free)─▶ sent ─(headers)─▶ receiving ─(end)─▶ settled
 *        └──────────────────(error, or the signal aborts)─────────────────────▲
 *
 * A refusal whose body is cut is a refusal all the same: its status says enough.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal | undefined;
  readonly #reply = Promise.withResolvers<Response>();
  readonly #chunks: Buffer[] = [];
  readonly #onAbort = () => this.#abort();
  #controller: Dispatcher.DispatchController | undefined;
  #status: number | undefined;
  #headers: IncomingHttpHeaders = {};

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** @throws TransportError when no whole reply came. */
  async send(agent: Agent, url: URL, headers: Headers, body: string): Promise<Response> {
    const path = url.pathname + url.search;
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
    try {
      agent.dispatch({ origin: url.origin, path, method: "POST", headers, body }, this);
      if (this.#signal?.aborted) this.#abort();
      return await this.#reply.promise;
    } finally {
      this.#signal?.removeEventListener("abort", this.#onAbort);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a connection: it must not be sent any more.
    if (this.#signal?.aborted) controller.abort(new Error("aborted before it was sent"));
    else this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    // A status of 1xx announces the reply.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#readBody().then(
      // The client parses a refusal by itself.
      (text) => this.#resolve(this.#isRefused() ? boundRefusal(text) : text),
      (error: Error) => this.#fail(toTransportError(error, true)),
    );
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(toTransportError(error, this.#wasSent()));
  }

  async #readBody(): Promise<string> {
    const encoding = String(this.#headers["content-encoding"] ?? "identity");
    const [only, ...more] = this.#chunks;
    if (only && more.length === 0) return decodeBody(only, encoding);
    const bytes = Buffer.concat(this.#chunks.splice(0));
    try {
      return await decodeBody(bytes, encoding);
    } finally {
      if (bytes.length >= LARGE_BYTES) giveBack(bytes);
    }
  }

  #abort(): void {
    const cause: unknown = this.#signal?.reason;
    const sent = this.#wasSent();
    this.#fail(new TransportError("given up before the reply", { fault: "aborted", sent, cause }));
    this.#controller?.abort(new Error("aborted"));
  }

  #fail(error: TransportError): void {
    if (this.#isRefused()) this.#resolve("");
    else this.#reply.reject(error);
  }

  #resolve(text: string): void {
    this.#reply.resolve(makeWholeResponse(this.#status ?? 0, this.#headers, text));
  }

  #isRefused(): boolean {
    return this.#status !== undefined && this.#status >= 400;
  }

  #wasSent(): boolean {
    return this.#controller !== undefined;
  }
}

/** Above what Node cuts out of buffers that others share. */
const LARGE_BYTES = 1024 * 1024;

/** Left to the collector, a dozen bodies of megabytes lie about before it looks. */
function giveBack({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
