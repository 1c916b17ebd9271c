/**
 * The places for calls in flight. A subject at work has one call in flight, so a place for each
 * bounds the calls too. Work that was started waits its turn; who feeds many waits for a free place
 * before starting the next, so that what waits stays little.
 */
export class Places {
  readonly #count: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #taken = 0;
  #wake: () => void = () => {};

  constructor(count: number) {
    this.#count = count;
  }

  /** @param work never rejects */
  start(work: () => Promise<void>): void {
    if (this.#taken < this.#count) void this.#run(work);
    else this.#waiting.push(work);
  }

  untilFree(): Promise<void> {
    return this.#untilFewerThan(this.#count);
  }

  untilIdle(): Promise<void> {
    return this.#untilFewerThan(1);
  }

  async #run(work: () => Promise<void>): Promise<void> {
    this.#taken += 1;
    await work();
    this.#taken -= 1;
    const next = this.#waiting.shift();
    if (next) void this.#run(next);
    this.#wake();
  }

  async #untilFewerThan(count: number): Promise<void> {
    while (this.#taken + this.#waiting.length >= count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
