import type { KeyStatus } from "../../vocabulary/key-ring.ts";
import type { Lane } from "../limits/limit-store.ts";
import type { KeyState } from "./key-state.ts";

/** @param lanes those of the key's limit group */
export function describeKey(state: KeyState, lanes: readonly Lane[], now: number): KeyStatus {
  const isReady = state.health === "ready";
  const isOut = isReady && state.endpoint.outSince !== undefined;
  const held = isReady && !isOut ? lanes.find((lane) => lane.heldUntil > now) : undefined;
  const busiest = lanes.toSorted((a, b) => (b.load(now) ?? 0) - (a.load(now) ?? 0))[0];
  return {
    name: state.key.name,
    limitGroup: state.key.limitGroup,
    health: isOut ? "out" : held ? "held" : state.health,
    reason: isOut ? state.endpoint.describe(now) : held ? describeHold(held, now) : state.reason,
    inFlight: state.inFlight,
    sent: state.sent,
    succeeded: state.succeeded,
    throttled: state.throttled,
    requestsPerMinute: busiest?.requestsPerMinute,
    load: busiest?.load(now),
  };
}

function describeHold({ limitGroup, heldUntil }: Lane, now: number): string {
  const seconds = Math.ceil((heldUntil - now) / 1_000);
  return `${limitGroup} is throttled until ${new Date(heldUntil).toISOString()}, ${seconds} s more`;
}
