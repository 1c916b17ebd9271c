/** Fields that have another name now: what an older pipeline file calls them, with the way to them. */
export const FORMER_NAMES: ReadonlyMap<string, string> = new Map([
  ["limits.attempts", "maxFaults"],
]);
