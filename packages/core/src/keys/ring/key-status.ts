import type { KeyStatus } from "../../vocabulary/key-ring.ts";
import type { Lane } from "../limits/limit-store.ts";
import type { KeyState } from "./key-state.ts";

/** @param lanes those of the key's limit group */
export function describeKey(state: KeyState, lanes: readonly Lane[], now: number): KeyStatus {
  const held = state.health === "ready" ? lanes.find((lane) => lane.heldUntil > now) : undefined;
  const busiest = lanes.toSorted((a, b) => (b.load(now) ?? 0) - (a.load(now) ?? 0))[0];
  return {
    name: state.key.name,
    limitGroup: state.key.limitGroup,
    health: held ? "held" : state.health,
    reason: held
      ? `throttled, for ${Math.ceil((held.heldUntil - now) / 1000)} s more`
      : state.reason,
    inFlight: state.inFlight,
    sent: state.sent,
    succeeded: state.succeeded,
    throttled: state.throttled,
    requestsPerMinute: busiest?.requestsPerMinute,
    load: busiest?.load(now),
  };
}
