import type { Random } from "../../vocabulary/random.ts";
import type { Lane } from "../limits/limit-store.ts";
import type { KeyState } from "./key-state.ts";
import type { Candidate } from "./waiting-line.ts";

/** Where a call would go, and when. */
export type Choice =
  | { readonly kind: "now"; readonly lane: Lane; readonly key: KeyState }
  /** Infinity, while every place is taken: an answer is going to free one. */
  | { readonly kind: "later"; readonly at: number; readonly lane: Lane }
  /** Every key is out of service for good, or for want of money. */
  | { readonly kind: "no-key" }
  | { readonly kind: "too-large" };

/**
 * The earliest feasible lane; of those that are feasible now, the one with the most slack; then
 * chance. On the lane, the key with the fewest calls in flight, then the fewest sent.
 */
export function chooseLane(
  candidates: readonly Candidate[],
  { model, charge }: { model: string; charge: number },
  now: number,
  random: Random,
): Choice {
  let best: { lane: Lane; key: KeyState; slack: number } | undefined;
  let equals = 0;
  let earliest: { at: number; lane: Lane } | undefined;
  let isServed = false;
  for (const { lane, keys } of candidates) {
    const key = chooseKey(keys, model, now);
    if (!key) continue;
    // A suspended key is tried beside others, but nobody waits for it alone.
    if (key.health === "ready") isServed = true;
    if (!lane.canEver(charge)) continue;
    const at = Math.max(key.availableAt, lane.readyAt(charge, now));
    if (at > now) {
      if (!earliest || at < earliest.at) earliest = { at, lane };
      continue;
    }
    const slack = lane.slack(now);
    if (best && slack < best.slack) continue;
    // Of those with the same slack each is as likely as the others.
    equals = slack === best?.slack ? equals + 1 : 1;
    if (random() * equals < 1) best = { lane, key, slack };
  }
  if (best) return { kind: "now", lane: best.lane, key: best.key };
  if (!isServed) return { kind: "no-key" };
  return earliest ? { kind: "later", ...earliest } : { kind: "too-large" };
}

/** The key to use on a lane: one that may be used soonest, and of those the least busy. */
function chooseKey(keys: readonly KeyState[], model: string, now: number): KeyState | undefined {
  let best: KeyState | undefined;
  for (const key of keys) {
    if (key.findBar(model) === undefined && (!best || isBetter(key, best, now))) best = key;
  }
  return best;
}

function isBetter(key: KeyState, best: KeyState, now: number): boolean {
  const wait = Math.max(now, key.availableAt);
  const bestWait = Math.max(now, best.availableAt);
  if (wait !== bestWait) return wait < bestWait;
  if (key.inFlight !== best.inFlight) return key.inFlight < best.inFlight;
  return key.sent < best.sent;
}
