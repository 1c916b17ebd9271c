/** Calls in flight that a lane of unknown limits may begin with. */
const FIRST_WINDOW = 4;
/** Above this a window is no bound any more. */
const LARGEST_WINDOW = 65_536;

/**
 * How many calls a lane may have in flight while its limits are unknown, or after a throttle.
 *
 *     slow start ──throttle──▶ probing ──answered──▶ doubling to the threshold ──▶ creeping
 *                                 ▲                                                  │
 *                                 └───────────────────throttle───────────────────────┘
 *
 * - slow start: every answer adds one, so the window doubles each round trip.
 * - probing: one call at a time, until one is answered.
 * - creeping: above four fifths of where the throttle came, a window of answers adds one.
 */
export class Ramp {
  #window: number;
  #threshold = Infinity;

  /** @param known a lane of known limits is paced by them, and needs no window to begin with */
  constructor(known: boolean) {
    this.#window = known ? LARGEST_WINDOW : FIRST_WINDOW;
  }

  get window(): number {
    return this.#window;
  }

  onAnswer(): void {
    if (this.#window >= LARGEST_WINDOW) return;
    this.#window += this.#window < this.#threshold ? 1 : 1 / this.#window;
  }

  /** @param inFlight calls in flight when the throttle was read, with the throttled one */
  onThrottle(inFlight: number): void {
    if (this.#window > 1) this.#threshold = Math.max(2, inFlight * 0.8);
    this.#window = 1;
  }
}
