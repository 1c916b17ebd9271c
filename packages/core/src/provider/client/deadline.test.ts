import { expect, test } from "vitest";
import { VirtualClock } from "../../clock/virtual-clock.ts";
import type { Clock } from "../../vocabulary/clock.ts";
import { scheduleDeadline } from "./deadline.ts";

/** A clock whose process stands still: its timers fall due, and are heard only when it goes on. */
class StoppableClock implements Clock {
  readonly #time = new VirtualClock();
  readonly #waiting: (() => void)[] = [];
  #stopped = false;

  now(): number {
    return this.#time.now();
  }

  schedule(delayMs: number, callback: () => void): () => void {
    let cancelled = false;
    const fire = () => {
      if (!cancelled) callback();
    };
    this.#time.schedule(delayMs, () => (this.#stopped ? this.#waiting.push(fire) : fire()));
    return () => {
      cancelled = true;
    };
  }

  async standStill(durationMs: number): Promise<void> {
    this.#stopped = true;
    await this.#time.advance(durationMs);
    this.#stopped = false;
    for (const fire of this.#waiting.splice(0)) fire();
  }

  advance(durationMs: number): Promise<void> {
    return this.#time.advance(durationMs);
  }
}

test("a deadline is kept", async () => {
  const clock = new StoppableClock();
  let heardAt: number | undefined;
  scheduleDeadline(clock, 30_000, () => (heardAt = clock.now()));
  await clock.advance(60_000);
  expect(heardAt).toBe(30_000);
});

test("a process that stood still has a second to read what arrived, and no more", async () => {
  const clock = new StoppableClock();
  let heardAt: number | undefined;
  scheduleDeadline(clock, 30_000, () => (heardAt = clock.now()));
  await clock.advance(10_000);
  await clock.standStill(50_000);
  expect(heardAt).toBeUndefined();
  await clock.advance(900);
  expect(heardAt).toBeUndefined();
  await clock.advance(200);
  expect(heardAt).toBe(61_000);
});

test("what is read in that second cancels the deadline, as it does at any time before", async () => {
  const clock = new StoppableClock();
  let heard = 0;
  const cancelLate = scheduleDeadline(clock, 30_000, () => (heard += 1));
  const cancelEarly = scheduleDeadline(clock, 30_000, () => (heard += 1));
  cancelEarly();
  await clock.standStill(60_000);
  await clock.advance(500);
  cancelLate();
  await clock.advance(60_000);
  expect(heard).toBe(0);
});
