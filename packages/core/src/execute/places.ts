import pLimit from "p-limit";

/**
 * The places for calls in flight. A subject at work has one call in flight, so a place for each
 * bounds the calls too. Work that was started waits its turn; who feeds many waits for a free place
 * before starting the next, so that what waits stays little.
 */
export class Places {
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #count: number;
  #wake: () => void = () => {};

  constructor(count: number) {
    this.#count = count;
    this.#limit = pLimit(count);
  }

  /** @param work never rejects */
  start(work: () => Promise<void>): void {
    // The limit's own promise settles after its place is free again.
    void this.#limit(work).then(() => this.#wake());
  }

  untilFree(): Promise<void> {
    return this.#untilFewerThan(this.#count);
  }

  untilIdle(): Promise<void> {
    return this.#untilFewerThan(1);
  }

  async #untilFewerThan(count: number): Promise<void> {
    while (this.#limit.activeCount + this.#limit.pendingCount >= count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
