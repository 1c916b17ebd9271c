import type { Clock } from "../vocabulary/clock.ts";

interface Timer {
  readonly at: number;
  readonly sequence: number;
  readonly callback: () => void;
}

/**
 * Time that passes only when told to. Timers fire in order of their time, then of their making;
 * between two timers all promise work that the first one set off is finished.
 */
export class VirtualClock implements Clock {
  #now: number;
  #sequence = 0;
  /** A binary heap, earliest first. Cancelled timers are dropped when they come up. */
  readonly #timers: Timer[] = [];
  readonly #cancelled = new Set<Timer>();

  constructor(startMs = 0) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const at = this.#now + Math.max(0, delayMs);
    let pending = true;
    const fire = () => {
      pending = false;
      callback();
    };
    const timer = { at, sequence: this.#sequence++, callback: fire };
    this.#push(timer);
    return () => {
      if (pending) this.#cancelled.add(timer);
      pending = false;
    };
  }

  /** Lets `durationMs` pass, firing what falls due. */
  async advance(durationMs: number): Promise<void> {
    const end = this.#now + durationMs;
    await settlePromises();
    for (let next = this.#peek(); next && next.at <= end; next = this.#peek()) await this.#fire();
    this.#now = end;
  }

  /**
   * Lets time pass until `promise` settles, and hands on what it settles with. Files are read and
   * written in real time: it waits for that where nothing else is to be done.
   */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    await settlePromises();
    while (!settled) {
      if (this.#peek()) await this.#fire();
      else if (isUnderWay()) await settlePromises();
      else throw new Error("Nothing is scheduled, and the promise has not settled.");
    }
    return promise;
  }

  async #fire(): Promise<void> {
    const timer = this.#pop();
    if (!timer) return;
    this.#now = timer.at;
    timer.callback();
    await settlePromises();
  }

  /** The next timer that is not cancelled. */
  #peek(): Timer | undefined {
    for (let first = this.#timers[0]; first; first = this.#timers[0]) {
      if (!this.#cancelled.delete(first)) return first;
      this.#pop();
    }
    return undefined;
  }

  #push(timer: Timer): void {
    const heap = this.#timers;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (!parent || isBefore(parent, timer)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#timers;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = heap[childIndex];
      const right = heap[childIndex + 1];
      if (child && right && isBefore(right, child)) {
        child = right;
        childIndex += 1;
      }
      if (!child || isBefore(last, child)) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}

/** True while something is under way that passes without time: the use of a file, or a turn of the event loop. */
function isUnderWay(): boolean {
  return process.getActiveResourcesInfo().some((name) => TIMELESS.test(name));
}

const TIMELESS = /^(FSReq|CloseReq|Immediate)/;

/** One turn of the event loop: every promise callback that is ready, and those they make ready, run first. */
function settlePromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
