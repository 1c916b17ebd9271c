import type { LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { KeyFinding } from "../limits/limit-store.ts";
import type { KeyState } from "./key-state.ts";

/** Something came to light about a key. */
export interface KeyReport {
  readonly key: KeyState;
  readonly finding: KeyFinding;
}

/** What an outcome tells of the key it came on, and of the keys of the same purse. */
export function readFindings(
  key: KeyState,
  model: string,
  outcome: LeaseOutcome,
  keys: readonly KeyState[],
): readonly KeyReport[] {
  if (outcome.kind !== "key-rejected") return [];
  const { reason, message } = outcome;
  switch (reason) {
    case "key-revoked":
      return [{ key, finding: { kind: "revoked", reason: message } }];
    case "model-not-allowed":
      return [{ key, finding: { kind: "model-barred", model, reason: message } }];
    case "billing-organization":
    case "billing-project":
      return keys
        .filter((other) => isSamePurse(reason, other, key))
        .map((other) => ({ key: other, finding: { kind: "suspended", reason: message } }));
  }
}

/** True for the keys that a billing refusal of `key` stops too. */
function isSamePurse(
  reason: "billing-organization" | "billing-project",
  { key: other }: KeyState,
  { key }: KeyState,
): boolean {
  if (other.limitGroup === key.limitGroup) return true;
  if (reason === "billing-project") return false;
  const { organization, baseUrl } = key.endpoint;
  return (
    organization !== undefined &&
    other.endpoint.organization === organization &&
    other.endpoint.baseUrl === baseUrl
  );
}
