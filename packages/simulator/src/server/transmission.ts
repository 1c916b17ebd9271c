import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import type { Reply } from "../replies/reply.ts";
import type { Fault } from "../scenario/fault-schema.ts";

/** How fast a reply is sent. */
export interface Pace {
  readonly beforeMs: number;
  readonly betweenPartsMs: number;
}

/** What is going to happen on the wire. */
export interface Transmission {
  /** Whether status and headers are sent at all. */
  readonly hasHead: boolean;
  readonly parts: readonly (string | Buffer)[];
  readonly pace: Pace;
  /** `close` and `reset` end the connection, `leave-open` waits until the other side does. */
  readonly ending: "end" | "close" | "reset" | "leave-open";
}

/** How a reply is sent, given the fault that spoils it, if any. */
export function planTransmission(reply: Reply, pace: Pace, fault?: Fault): Transmission {
  const { parts } = reply;
  const whole: Transmission = { hasHead: true, parts, pace, ending: "end" };
  if (fault?.kind === "reset") return { ...whole, hasHead: false, parts: [], ending: "reset" };
  if (fault?.kind === "hang") return { ...whole, hasHead: false, parts: [], ending: "leave-open" };
  if (fault?.kind === "stall") return { ...whole, parts: [], ending: "leave-open" };
  if (fault?.kind === "drip") {
    const bytes = Array.from(joinParts(parts), (byte) => Buffer.of(byte));
    return { ...whole, parts: bytes, pace: { ...pace, betweenPartsMs: fault.everyMs } };
  }
  if (fault?.kind === "truncate") {
    const bytes = joinParts(parts);
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    return { ...whole, parts: [half], ending: fault.variant === "body" ? "end" : "close" };
  }
  return whole;
}

/**
 * Sends what was planned, at its pace. Without delays all of it happens before this returns.
 * @param onDone is called once: when the last byte was handed over, or the other side is gone.
 */
export function transmit(
  response: ServerResponse,
  transmission: Transmission,
  options: { clock: Clock; writeHead: () => void; onDone: () => void },
): void {
  const { parts, pace, ending } = transmission;
  const { clock, writeHead, onDone } = options;
  let isDone = false;
  let cancelTimer: (() => void) | undefined;
  const finish = () => {
    if (isDone) return;
    isDone = true;
    cancelTimer?.();
    onDone();
  };
  const sendFrom = (index: number) => {
    for (let next = index; next < parts.length; next += 1) {
      const isLast = next === parts.length - 1;
      if (isLast && ending === "end") break;
      response.write(parts[next]);
      if (!isLast && pace.betweenPartsMs > 0) {
        cancelTimer = clock.schedule(pace.betweenPartsMs, () => sendFrom(next + 1));
        return;
      }
    }
    conclude();
  };
  const conclude = () => {
    switch (ending) {
      case "end":
        response.end(parts.at(-1));
        break;
      case "close":
        response.socket?.destroySoon();
        break;
      case "reset":
        response.socket?.resetAndDestroy();
        break;
      case "leave-open":
        return;
    }
    finish();
  };
  const start = () => {
    if (transmission.hasHead) writeHead();
    if (ending === "leave-open" && transmission.hasHead) response.flushHeaders();
    sendFrom(0);
  };
  if (pace.beforeMs > 0) cancelTimer = clock.schedule(pace.beforeMs, start);
  else start();
  if (!isDone) response.once("close", finish);
}

function joinParts(parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}
