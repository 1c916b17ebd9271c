import type { ServerResponse } from "node:http";
import { startReplyServer, type ReceivedRequest, type ReplyServer } from "../reply-server.ts";
import { HOSTILE_KINDS, type HostileKind, type HostileReply } from "./hostile-kinds.ts";

const DRIP_EVERY_MS = 50;

/** Prime to the number of kinds: each comes equally often, and no kind beside those like it. */
const STRIDE = 37;

/** The kind of reply that a row gets. */
export function kindOf(row: number): HostileKind {
  const kind = HOSTILE_KINDS[(row * STRIDE) % HOSTILE_KINDS.length];
  if (!kind) throw new Error("there is no hostile kind");
  return kind;
}

/** What a row asks for, and may be done with. */
export function rightAnswer(row: number): string {
  return kindOf(row).asks === "json" ? `{"answer":${row}}` : `The answer for ${row} is here.`;
}

/** A server that answers the row whose number ends the prompt in the row's hostile way. */
export async function startHostileServer(): Promise<ReplyServer> {
  const attempts = new Map<number, number>();
  const answer = (response: ServerResponse, { body }: ReceivedRequest) => {
    const row = Number(/row (\d+)/.exec(body)?.[1]);
    const attempt = (attempts.get(row) ?? 0) + 1;
    attempts.set(row, attempt);
    deliver(
      response.on("error", () => {}),
      kindOf(row).reply(rightAnswer(row), attempt),
    );
  };
  return startReplyServer(answer, { remembersRequests: false });
}

function deliver(response: ServerResponse, reply: HostileReply): void {
  const { status = 200, headers = {}, body, delivery } = reply;
  const bytes = Buffer.from(body);
  const half = bytes.subarray(0, bytes.length / 2);
  switch (delivery) {
    case "hang":
      return;
    case "raw":
      response.socket?.end(bytes);
      return;
    case "reset":
      response.writeHead(status, headers).write(half, () => response.socket?.resetAndDestroy());
      return;
    case "cut":
      response.writeHead(status, { ...headers, "content-length": bytes.length });
      response.write(half, () => response.socket?.end());
      return;
    case "stall":
      response.writeHead(status, headers).write(half);
      return;
    case "drip": {
      response.writeHead(status, headers);
      const dripping = setInterval(() => response.write(" "), DRIP_EVERY_MS);
      response.on("close", () => clearInterval(dripping));
      return;
    }
    default:
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(bytes);
  }
}
