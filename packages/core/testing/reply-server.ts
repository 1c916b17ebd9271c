import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { Server } from "node:net";
import type { NamedKey } from "../src/vocabulary/named-key.ts";
import { Secret } from "../src/vocabulary/secret.ts";

/** For tests: a server that answers as it is told, however wrongly, and remembers what it was asked. */
export interface ReplyServer extends AsyncDisposable {
  readonly origin: string;
  readonly requests: ReceivedRequest[];
  /** A key that is bound to this server. */
  readonly key: NamedKey;
}

export interface ReceivedRequest {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export async function startReplyServer(
  answer: (response: ServerResponse, request: ReceivedRequest) => void,
  { remembersRequests = true }: { readonly remembersRequests?: boolean } = {},
): Promise<ReplyServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { url, headers } = request;
      const received = { url, headers, body: Buffer.concat(chunks).toString() };
      if (remembersRequests) requests.push(received);
      answer(response, received);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const origin = `http://127.0.0.1:${findPort(server)}`;
  return {
    origin,
    requests,
    key: makeKey(`${origin}/v1`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function findPort(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("not a TCP server");
  return address.port;
}

export function makeKey(baseUrl: string, secret = "sk-test-0123456789"): NamedKey {
  const endpoint = { baseUrl, organization: undefined, project: undefined };
  const name = "test";
  return { name, secret: new Secret(secret), limitGroup: name, endpoint, models: undefined };
}

/** Answers with this status and body; an object becomes JSON. */
export function answerWith(
  response: ServerResponse,
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
}

/** The body of a chat completion that replies with this text. */
export function makeCompletion(content: unknown, choice: object = {}): object {
  return {
    choices: [
      { index: 0, message: { role: "assistant", content }, finish_reason: "stop", ...choice },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 4 } },
  };
}
