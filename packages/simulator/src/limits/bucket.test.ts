import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Bucket } from "./bucket.ts";

test("never admits more than its capacity and what flowed in", () => {
  const steps = fc.array(fc.tuple(fc.nat(2_000), fc.integer({ min: 1, max: 20 })), {
    minLength: 1,
    maxLength: 200,
  });
  const sizes = fc.tuple(
    fc.integer({ min: 1, max: 10_000 }),
    fc.double({ min: 0.1, max: 60, noNaN: true }),
  );
  fc.assert(
    fc.property(steps, sizes, fc.boolean(), (asks, [perMinute, burstSeconds], countRefused) => {
      const bucket = new Bucket({ perMinute, burstSeconds, initialFill: 1, nowMs: 0 });
      let nowMs = 0;
      let admitted = 0;
      for (const [passedMs, amount] of asks) {
        nowMs += passedMs;
        const isAdmitted = bucket.has(amount, nowMs);
        if (isAdmitted) admitted += amount;
        if (isAdmitted || countRefused) bucket.take(amount, nowMs);
        expect(admitted).toBeLessThanOrEqual(
          bucket.capacity + (perMinute / 60_000) * nowMs + 0.001,
        );
      }
    }),
  );
});

test("the wait that it names is long enough, and noticeably less is not", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 1, max: 5 }),
      (perMinute, taken) => {
        const bucket = new Bucket({ perMinute, burstSeconds: 10, initialFill: 0.5, nowMs: 0 });
        bucket.take(taken, 0);
        const waitMs = Math.ceil(bucket.waitMs(1, 0));
        expect(bucket.has(1, waitMs)).toBe(true);
        expect(bucket.has(1, waitMs - 2)).toBe(waitMs === 0);
      },
    ),
  );
});

test("however much is taken, it is full again after twice the burst time", () => {
  const bucket = new Bucket({ perMinute: 600, burstSeconds: 1, initialFill: 1, nowMs: 0 });
  for (let taken = 0; taken < 1_000; taken += 1) bucket.take(1, 0);
  expect(bucket.fullInMs(0)).toBe(2_000);
});

test("a bucket for less than one request a burst still holds one", () => {
  const bucket = new Bucket({ perMinute: 6, burstSeconds: 1, initialFill: 0, nowMs: 0 });
  expect(bucket.waitMs(1, 0)).toBe(10_000);
});

test("an amount above the capacity never comes", () => {
  const bucket = new Bucket({ perMinute: 60, burstSeconds: 1, initialFill: 1, nowMs: 0 });
  expect(bucket.waitMs(2, 0)).toBe(Infinity);
});
