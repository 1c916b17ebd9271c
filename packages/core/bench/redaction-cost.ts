/**
 * What it costs to look for known secrets in a reply, by the number of keys and the size of the reply.
 *
 *     node packages/core/bench/redaction-cost.ts
 */
import { randomBytes } from "node:crypto";
import { createRedaction, createSecretMask } from "../src/vocabulary/redaction.ts";
import { Secret } from "../src/vocabulary/secret.ts";

const TEXTS = {
  prose:
    "The customer says that the printer on the second floor, bought in 2024, is on fire again. ",
  json: `{"mood":"angry","urgency":3,"id":"4f1c2a9e-77b0-4f43-9c55-0d1f5f7e1a20","tags":["a","b"]},`,
};
const ROUNDS = 9;

for (const keys of [1, 10, 100]) {
  const secrets = Array.from({ length: keys }, () => {
    return new Secret(`sk-proj-${randomBytes(78).toString("base64url")}`);
  });
  const ways = { mask: createSecretMask(secrets), redact: createRedaction(secrets) };
  for (const [kind, piece] of Object.entries(TEXTS)) {
    for (const bytes of [200, 2_000, 200_000]) {
      const text = piece.repeat(Math.ceil(bytes / piece.length)).slice(0, bytes);
      const costs = Object.entries(ways).map(([name, way]) => `${name} ${measure(way, text)} µs`);
      console.log(`${keys} keys, ${kind}, ${bytes} bytes:`.padEnd(32), costs.join(", "));
    }
  }
}

/** The median of some rounds, in microseconds. */
function measure(way: (text: string) => string, text: string): string {
  const times = Math.ceil(2_000_000 / text.length);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const begunAt = performance.now();
    for (let time = 0; time < times; time += 1) way(text);
    return ((performance.now() - begunAt) / times) * 1_000;
  });
  return (rounds.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN).toFixed(2);
}
