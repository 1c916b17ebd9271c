import { ChargeTooLargeError, NoUsableKeyError } from "../../vocabulary/error.ts";
import type { Candidate } from "./waiting-line.ts";

export function toNoUsableKey(model: string, candidates: readonly Candidate[]): NoUsableKeyError {
  const states = candidates.flatMap(({ keys }) =>
    keys.map((state) => `${state.key.name}: ${state.findBar(model) ?? state.reason ?? "busy"}`),
  );
  return new NoUsableKeyError(
    `No key is left that may serve ${model} (${states.join("; ")}). ` +
      `${findRemedy(candidates)}, and type the same command again.`,
  );
}

function findRemedy(candidates: readonly Candidate[]): string {
  const keys = candidates.flatMap(({ keys: ofLane }) => ofLane);
  // Where all keys are well, it is the model that is not to be had.
  if (keys.every(({ health }) => health === "ready")) {
    return "Correct the model in the pipeline, or put a key in place that may use it";
  }
  const isUnpaid = keys.some(({ health }) => health === "suspended");
  return `${isUnpaid ? "Pay the bill, or put" : "Put"} a working key in place`;
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
