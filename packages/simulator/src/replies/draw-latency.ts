import { drawLognormal, type Random } from "../random.ts";
import type { Latency } from "../scenario/scenario-schema.ts";

/** Milliseconds until a reply begins; its length is on top. */
export function drawLatency(latency: Latency, random: Random): number {
  switch (latency.kind) {
    case "fixed":
      return latency.ms;
    case "uniform":
      return latency.minimumMs + random() * (latency.maximumMs - latency.minimumMs);
    case "lognormal":
      return Math.min(latency.maximumMs, drawLognormal(random, latency.medianMs, latency.sigma));
    default:
      return latency satisfies never;
  }
}
