/** Throttles come in groups; one cut answers all of a group. */
const ONE_CUT_MS = 2_000;

/** What each kind of throttle does to the rate, and how long it takes to be whole again. */
const CUTS = {
  throttled: { factor: 0.8, recoveryMs: 20_000 },
  "ramp-too-steep": { factor: 0.5, recoveryMs: 180_000 },
} as const;

/** A rate is never cut below this: something must go out to learn that it would go faster. */
const LOWEST_PACE = 0.05;

/**
 * The share of the granted rate that is used. Cut by a throttle that was not foreseen, it rises
 * again in a line, to the whole of it.
 */
export class Pace {
  #atCut = 1;
  #cutAt = -Infinity;
  #recoveryMs: number = CUTS.throttled.recoveryMs;

  at(now: number): number {
    if (this.#atCut === 1) return 1;
    const recovered = (now - this.#cutAt) / this.#recoveryMs;
    const pace = Math.min(1, this.#atCut + recovered);
    if (pace === 1) this.#atCut = 1;
    return pace;
  }

  cut(kind: keyof typeof CUTS, now: number): void {
    if (now - this.#cutAt < ONE_CUT_MS) return;
    const { factor, recoveryMs } = CUTS[kind];
    this.#atCut = Math.max(LOWEST_PACE, this.at(now) * factor);
    this.#cutAt = now;
    this.#recoveryMs = recoveryMs;
  }
}
