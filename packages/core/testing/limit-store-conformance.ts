import fc from "fast-check";
import { expect, test } from "vitest";
import type { RateLimits } from "../../vocabulary/named-key.ts";
import type { LaneLimiter } from "./lane-limiter.ts";

/** What every limiter must do, wherever its counts are kept. */
export function testLaneLimiter(create: (limits: RateLimits, now: number) => LaneLimiter): void {
  test("without limits every call is ready at once", () => {
    const limiter = create({}, 0);
    for (let call = 0; call < 1000; call++) {
      expect(limiter.readyAt(1_000_000, 0)).toBe(0);
      limiter.reserve(1_000_000, 0);
    }
    expect(limiter.isKnown).toBe(false);
  });

  test("in no stretch of time are more requests or tokens granted than the limits allow", () => {
    const limits = fc.record({
      requestsPerMinute: fc.integer({ min: 1, max: 20_000 }),
      tokensPerMinute: fc.integer({ min: 1_000, max: 2_000_000 }),
    });
    const charges = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(limits, charges, (granted, calls) => {
        const limiter = create(granted, 0);
        const grants: { at: number; charge: number }[] = [];
        let now = 0;
        for (const charge of calls) {
          now = Math.max(now, limiter.readyAt(charge, now));
          limiter.reserve(charge, now);
          grants.push({ at: now, charge });
        }
        for (const [index, { at: from }] of grants.entries()) {
          const minutes = (now - from) / 60_000;
          const after = grants.slice(index);
          const tokens = after.reduce((sum, { charge }) => sum + charge, 0);
          // Half a second's burst, and at least one.
          const burst = Math.max(1, granted.requestsPerMinute / 120) + 1e-6;
          expect(after.length).toBeLessThanOrEqual(minutes * granted.requestsPerMinute + burst);
          expect(tokens).toBeLessThanOrEqual((minutes + 0.9) * granted.tokensPerMinute + 900);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("a charge above a minute's limit can never be served, one below it always can", () => {
    const limiter = create({ tokensPerMinute: 1_000 }, 0);
    expect(limiter.canEver(1_001)).toBe(false);
    expect(limiter.canEver(1_000)).toBe(true);
    expect(limiter.readyAt(1_000, 0)).toBeLessThan(120_000);
  });

  test("limits that an answer reports are kept from then on", () => {
    const limiter = create({}, 0);
    const reservation = limiter.reserve(10, 0);
    const requests = { limit: 60, remaining: 0, resetMs: 60_000 };
    limiter.reconcile(reservation, { requests, tokens: undefined }, 0);
    expect(limiter.isKnown).toBe(true);
    limiter.reserve(10, limiter.readyAt(10, 0));
    expect(limiter.readyAt(10, 1_000)).toBeGreaterThan(1_000);
  });

  test("a day's limit does not stretch a run over the day", () => {
    const limiter = create({}, 0);
    const requests = { limit: 10_000, remaining: 9_999, resetMs: 8_640 };
    limiter.reconcile(limiter.reserve(1, 0), { requests, tokens: undefined }, 0);
    expect(limiter.requestsPerMinute).toBeUndefined();
  });

  test("a deficit that the server reports delays the next call at once", () => {
    const limits = { requestsPerMinute: 6_000 };
    const limiter = create(limits, 0);
    const reservation = limiter.reserve(1, 10_000);
    const before = limiter.readyAt(1, 10_000);
    limiter.reconcile(
      reservation,
      { requests: { limit: 6_000, remaining: 3, resetMs: 970 }, tokens: undefined },
      10_000,
    );
    expect(limiter.readyAt(1, 10_000)).toBeGreaterThan(before);
  });

  test("a reservation that was never sent is room again", () => {
    const limiter = create({ requestsPerMinute: 60 }, 0);
    const reservation = limiter.reserve(1, 1_100);
    expect(limiter.readyAt(1, 1_100)).toBeGreaterThan(1_100);
    limiter.cancel(reservation, 1_100);
    expect(limiter.readyAt(1, 1_100)).toBe(1_100);
  });

  test("after a throttle that was not foreseen the rate is lower for a while", () => {
    const timeForTen = (limiter: LaneLimiter, from: number) => {
      let now = from;
      for (let call = 0; call < 10; call++) {
        now = limiter.readyAt(1, now);
        limiter.reserve(1, now);
      }
      return now - from;
    };
    const limiter = create({ requestsPerMinute: 60 }, 0);
    timeForTen(limiter, 0);
    const before = timeForTen(limiter, 20_000);
    limiter.slowDown("ramp-too-steep", 40_000);
    expect(timeForTen(limiter, 40_000)).toBeGreaterThan(before * 1.5);
    const later = 40_000 + 400_000;
    timeForTen(limiter, later);
    expect(timeForTen(limiter, later + 20_000)).toBeCloseTo(before, -2);
  });
}
