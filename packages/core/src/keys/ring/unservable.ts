import { ChargeTooLargeError, NoUsableKeyError } from "../../vocabulary/error.ts";
import type { Candidate } from "./waiting-line.ts";

export function toNoUsableKey(model: string, candidates: readonly Candidate[]): NoUsableKeyError {
  const states = candidates.flatMap(({ keys }) =>
    keys.map((state) => `${state.key.name}: ${state.findBar(model) ?? state.reason ?? "busy"}`),
  );
  const isUnpaid = candidates.some(({ keys }) => keys.some(({ health }) => health === "suspended"));
  return new NoUsableKeyError(
    `No key is left that may serve ${model} (${states.join("; ")}). ` +
      `${isUnpaid ? "Pay the bill, or put" : "Put"} a working key in place, ` +
      "and type the same command again.",
  );
}

export function toChargeTooLarge(
  model: string,
  charge: number,
  candidates: readonly Candidate[],
): ChargeTooLargeError {
  const groups = candidates.map(({ lane }) => lane.limitGroup).join(", ");
  return new ChargeTooLargeError(
    `The call needs about ${Math.round(charge)} tokens of ${model}, ` +
      `more than a minute's limit of ${groups}: shorten the prompt or lower maxOutputTokens.`,
  );
}
