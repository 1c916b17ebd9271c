import fc from "fast-check";
import { expect, test } from "vitest";
import { VirtualClock } from "../src/clock/virtual-clock.ts";
import type {
  KeyFinding,
  Lane,
  LimitStore,
  LanePlace,
  OpenLimitStore,
} from "../src/keys/limits/limit-store.ts";
import type { LeaseOutcome } from "../src/vocabulary/key-ring.ts";
import type { KeyRingConfiguration, NamedKey, RateLimits } from "../src/vocabulary/named-key.ts";
import type { RateLimitReport } from "../src/vocabulary/provider.ts";
import { createRandom } from "../src/vocabulary/random.ts";
import { Secret } from "../src/vocabulary/secret.ts";

/** An adapter of the port, with nothing in it yet. */
export interface LimitsUnderTest extends Disposable {
  readonly open: OpenLimitStore;
  /** How long a notice may take. Milliseconds. */
  readonly noticeMs: number;
}

const SUCCEEDED: LeaseOutcome = { kind: "succeeded", usage: undefined, rateLimit: undefined };
const UNSENT: LeaseOutcome = { kind: "abandoned", sent: false };

/** A throttle that says that the limit was met. */
export function throttled(retryAfterMs: number): LeaseOutcome {
  const requests = { limit: undefined, remaining: 0, resetMs: undefined };
  const rateLimit = { requests, tokens: undefined };
  return { kind: "throttled", reason: "throttled", retryAfterMs, rateLimit };
}

/** A throttle that says nothing but how long to wait. */
function turnedAway(retryAfterMs: number): LeaseOutcome {
  return { kind: "throttled", reason: "throttled", retryAfterMs, rateLimit: undefined };
}

export function configureKey(limits: RateLimits): KeyRingConfiguration & { key: NamedKey } {
  const key: NamedKey = {
    name: "a",
    limitGroup: "g",
    secret: new Secret("sk-conformance"),
    endpoint: { baseUrl: "http://127.0.0.1/v1", organization: undefined, project: undefined },
    models: undefined,
  };
  return { key, keys: [key], limits: new Map([["g", new Map([["*", limits]])]]) };
}

/** One who uses the limits, and what it was told. */
function join(open: OpenLimitStore, clock: VirtualClock, limits: RateLimits) {
  const configuration = configureKey(limits);
  const heard: { changes: number; findings: (KeyFinding & { keyName: string })[] } = {
    changes: 0,
    findings: [],
  };
  const store: LimitStore = open({
    configuration,
    clock,
    random: createRandom(1),
    listener: {
      onChange: () => (heard.changes += 1),
      onFinding: (keyName, finding) => heard.findings.push({ keyName, ...finding }),
    },
  });
  return { store, heard, key: configuration.key, lane: store.openLane("g", "m") };
}

/** Takes a place that must be there. */
function take(lane: Lane, charge: number, now: number): LanePlace {
  const place = lane.take(charge, now);
  if (!place) throw new Error(`There is no room at ${now}.`);
  return place;
}

/** Makes a call as soon as there is room, which is answered at once. @returns when */
function call(lane: Lane, charge: number, from: number, outcome = SUCCEEDED): number {
  const at = Math.max(from, lane.readyAt(charge, from));
  take(lane, charge, at).settle(outcome, at);
  return at;
}

/** What every limit store must do, wherever its counts are kept. */
export function testLimitStore(create: () => LimitsUnderTest, numRuns = 60): void {
  async function useLane(limits: RateLimits, work: (lane: Lane, start: number) => void) {
    using adapter = create();
    const clock = new VirtualClock();
    const { store, lane } = join(adapter.open, clock, limits);
    await clock.advance(adapter.noticeMs);
    work(lane, clock.now());
    store.close();
  }

  /** Two who use one lane, and have noticed each other. */
  async function useTwo(
    limits: RateLimits,
    work: (
      first: ReturnType<typeof join>,
      second: ReturnType<typeof join>,
      clock: VirtualClock,
      notice: () => Promise<void>,
    ) => Promise<void>,
  ) {
    using adapter = create();
    const clock = new VirtualClock();
    const first = join(adapter.open, clock, limits);
    const second = join(adapter.open, clock, limits);
    const notice = () => clock.advance(adapter.noticeMs);
    await notice();
    await work(first, second, clock, notice);
    first.store.close();
    second.store.close();
  }

  test("without limits every call is ready at once, a few at a time to begin with", () =>
    useLane({}, (lane, start) => {
      for (let count = 0; count < 100; count++) expect(call(lane, 1e6, start)).toBe(start);
      for (let count = 0; count < 4; count++) take(lane, 1, start);
      expect(lane.readyAt(1, start)).toBeGreaterThan(start);
      expect(lane.requestsPerMinute).toBeUndefined();
    }));

  test("without limits 128 calls are in flight within half a second, answered or not", () =>
    useLane({}, (lane, start) => {
      let now = start;
      for (let count = 0; count < 128; count++) {
        now = lane.readyAt(1, now);
        take(lane, 1, now);
      }
      expect(now).toBeLessThanOrEqual(start + 500);
    }));

  test("in no stretch of time are more requests or tokens granted than the limits allow", async () => {
    const limits = fc.record({
      requestsPerMinute: fc.integer({ min: 1, max: 20_000 }),
      tokensPerMinute: fc.integer({ min: 1_000, max: 2_000_000 }),
    });
    const charges = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(limits, charges, (granted, calls) =>
        useLane(granted, (lane, start) => {
          const grants: { at: number; charge: number }[] = [];
          let now = start;
          for (const charge of calls) {
            now = call(lane, charge, now);
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
      ),
      { numRuns },
    );
  });

  test("a place is had when readyAt says now, and not before", () =>
    useLane({ requestsPerMinute: 60 }, (lane, start) => {
      const at = lane.readyAt(1, start + 2_000);
      take(lane, 1, at);
      const next = lane.readyAt(1, at);
      expect(next).toBeGreaterThan(at);
      expect(lane.take(1, at)).toBeUndefined();
      expect(lane.take(1, next - 1)).toBeUndefined();
      take(lane, 1, next);
    }));

  test("a charge above a minute's limit can never be served, one below it always can", () =>
    useLane({ tokensPerMinute: 1_000 }, (lane, start) => {
      expect(lane.canEver(1_001)).toBe(false);
      expect(lane.canEver(1_000)).toBe(true);
      expect(lane.readyAt(1_000, start)).toBeLessThan(120_000);
    }));

  test("no more places are taken than the limit of calls in flight, until one is free", () =>
    useLane({ concurrency: 2 }, (lane, start) => {
      const first = take(lane, 1, start);
      take(lane, 1, start);
      expect(lane.readyAt(1, start)).toBe(Infinity);
      expect(lane.take(1, start)).toBeUndefined();
      first.settle(SUCCEEDED, start);
      take(lane, 1, start);
    }));

  test("limits that an answer reports are kept from then on", () =>
    useLane({}, (lane, start) => {
      const requests = { limit: 60, remaining: 0, resetMs: 60_000 };
      report(take(lane, 10, start), { requests, tokens: undefined }, start);
      expect(lane.requestsPerMinute).toBe(60);
      const at = call(lane, 10, start);
      expect(lane.readyAt(10, at + 500)).toBeGreaterThan(at + 500);
    }));

  test("one answer among many that reports another limit changes nothing", () =>
    useLane({}, (lane, start) => {
      const tell = (limit: number) => {
        const window = { limit, remaining: limit < 6_000 ? 0 : limit, resetMs: 1 };
        const at = lane.readyAt(10, now);
        report(take(lane, 10, at), { requests: window, tokens: window }, at);
        return at;
      };
      let now = start;
      for (const limit of [6_000, 6_000, 60, 6_000, 1, 6_000]) now = tell(limit);
      expect(lane.requestsPerMinute).toBe(6_000);
      expect(lane.canEver(1_000)).toBe(true);
      expect(now).toBeLessThan(start + 1_000);
    }));

  test("a limit that was told once fails no call; one that was contradicted for long enough is gone", () =>
    useLane({}, (lane, start) => {
      const tell = (places: readonly LanePlace[], limit: number) => {
        const tokens = { limit, remaining: limit, resetMs: 1 };
        for (const place of places) report(place, { requests: undefined, tokens }, start);
      };
      const first = Array.from({ length: 4 }, () => take(lane, 10, start));
      tell(first.slice(0, 1), 60);
      expect(lane.canEver(1_000)).toBe(true);
      tell(first.slice(1), 600_000);
      expect(lane.readyAt(1_000, start)).toBe(start);
    }));

  test("a day's limit does not stretch a run over the day", () =>
    useLane({}, (lane, start) => {
      const requests = { limit: 10_000, remaining: 9_999, resetMs: 8_640 };
      report(take(lane, 1, start), { requests, tokens: undefined }, start);
      expect(lane.requestsPerMinute).toBeUndefined();
    }));

  test("a deficit that the server reports delays the next call at once", () =>
    useLane({ requestsPerMinute: 6_000 }, (lane, start) => {
      const at = start + 10_000;
      const place = take(lane, 1, at);
      expect(lane.readyAt(1, at)).toBe(at);
      const requests = { limit: 6_000, remaining: 3, resetMs: 970 };
      report(place, { requests, tokens: undefined }, at);
      expect(lane.readyAt(1, at)).toBeGreaterThan(at);
    }));

  test("a reservation that was never sent is room again", () =>
    useLane({ requestsPerMinute: 60 }, (lane, start) => {
      const at = start + 1_100;
      const place = take(lane, 1, at);
      expect(lane.readyAt(1, at)).toBeGreaterThan(at);
      place.settle(UNSENT, at);
      expect(lane.readyAt(1, at)).toBe(at);
    }));

  test("a throttle holds the lane for as long as it said, and then for one call", () =>
    useLane({ requestsPerMinute: 60_000 }, (lane, start) => {
      const [first, second] = [take(lane, 1, start + 50), take(lane, 1, start + 50)];
      first.settle(throttled(5_000), start + 100);
      second.settle(throttled(10), start + 100);
      expect(lane.readyAt(1, start + 100)).toBeGreaterThanOrEqual(start + 5_100);
      expect(lane.heldUntil).toBeLessThanOrEqual(start + 5_600.1);
      const probe = take(lane, 1, start + 6_000);
      expect(lane.readyAt(1, start + 6_000)).toBeGreaterThan(start + 6_000);
      expect(lane.take(1, start + 6_000)).toBeUndefined();
      probe.settle(SUCCEEDED, start + 6_000);
      take(lane, 1, start + 6_000);
    }));

  test("one call among many that is turned away holds nobody else", () =>
    useLane({ requestsPerMinute: 60_000 }, (lane, start) => {
      const at = start + 100;
      for (let count = 0; count < 10; count++) call(lane, 1, at);
      call(lane, 1, at, turnedAway(60_000));
      expect(lane.heldUntil).toBeLessThanOrEqual(at);
      expect(call(lane, 1, at)).toBe(at);
    }));

  test("most of what is sent turned away is a limit that was met", () =>
    useLane({}, (lane, start) => {
      const places = Array.from({ length: 4 }, () => take(lane, 1, start));
      for (const place of places) place.settle(turnedAway(5_000), start + 20);
      expect(lane.heldUntil).toBeGreaterThanOrEqual(start + 5_020);
      expect(lane.readyAt(1, start + 20)).toBeGreaterThanOrEqual(start + 5_020);
    }));

  test("after a hold a call that was not refused for a while lets others follow, unanswered as it is", () =>
    useLane({}, (lane, start) => {
      call(lane, 1, start, throttled(1_000));
      const at = lane.readyAt(1, start);
      take(lane, 1, at);
      const next = lane.readyAt(1, at);
      expect(next).toBeGreaterThanOrEqual(at + 200);
      expect(next).toBeLessThanOrEqual(at + 500);
      take(lane, 1, next);
    }));

  test("a probe that is turned away is a limit that is met still", () =>
    useLane({}, (lane, start) => {
      call(lane, 1, start, throttled(1_000));
      const at = call(lane, 1, start, turnedAway(1_000));
      expect(lane.heldUntil).toBeGreaterThanOrEqual(at + 2_000);
    }));

  test("after a throttle that was not foreseen the rate is lower for a while", () =>
    useLane({ requestsPerMinute: 60 }, (lane, start) => {
      const timeForTen = (from: number) => {
        let now = from;
        for (let count = 0; count < 10; count++) now = call(lane, 1, now);
        return now - from;
      };
      timeForTen(start);
      const before = timeForTen(start + 20_000);
      const slow: LeaseOutcome = {
        kind: "throttled",
        reason: "ramp-too-steep",
        retryAfterMs: 1,
        rateLimit: undefined,
      };
      const at = call(lane, 1, start + 40_000, slow);
      expect(timeForTen(at + 2)).toBeGreaterThan(before * 1.5);
      timeForTen(at + 400_000);
      expect(timeForTen(at + 420_000)).toBeCloseTo(before, -2);
    }));

  test("two who use one lane share its limit", () =>
    useTwo({ requestsPerMinute: 600 }, async (first, second, clock, notice) => {
      const end = clock.now() + 60_000;
      let calls = 0;
      while (clock.now() < end) {
        for (const { lane } of [first, second]) {
          while (lane.readyAt(1, clock.now()) <= clock.now()) {
            const place = lane.take(1, clock.now());
            if (!place) break;
            place.settle(SUCCEEDED, clock.now());
            calls += 1;
          }
        }
        await clock.advance(10);
      }
      await notice();
      expect(calls).toBeGreaterThan(580);
      expect(calls).toBeLessThanOrEqual(606);
    }));

  test("two who use one lane share its places, and one has notice when the other frees one", () =>
    useTwo({ concurrency: 2 }, async (first, second, clock, notice) => {
      const places = [take(first.lane, 1, clock.now()), take(first.lane, 1, clock.now())];
      await notice();
      expect(second.lane.take(1, clock.now())).toBeUndefined();
      const before = second.heard.changes;
      places[0]?.settle(SUCCEEDED, clock.now());
      await notice();
      expect(second.heard.changes).toBeGreaterThan(before);
      take(second.lane, 1, clock.now());
    }));

  test("two who use one lane are held together, and told limits together", () =>
    useTwo({}, async (first, second, clock, notice) => {
      const requests = { limit: 600, remaining: 9, resetMs: 100 };
      report(take(first.lane, 1, clock.now()), { requests, tokens: undefined }, clock.now());
      take(first.lane, 1, clock.now() + 200).settle(throttled(20_000), clock.now() + 200);
      await notice();
      expect(second.lane.requestsPerMinute).toBe(600);
      expect(second.lane.heldUntil).toBeGreaterThan(clock.now() + 15_000);
      expect(second.lane.take(1, clock.now() + 1_000)).toBeUndefined();
    }));

  test("what is in flight of one who leaves is room for the other", () =>
    useTwo({ concurrency: 2 }, async (first, second, clock, notice) => {
      const left = [take(first.lane, 1, clock.now()), take(first.lane, 1, clock.now())];
      first.store.close();
      await notice();
      take(second.lane, 1, clock.now());
      take(second.lane, 1, clock.now());
      // It may come late, and must do no harm.
      for (const place of left) place.settle(SUCCEEDED, clock.now());
      expect(second.lane.take(1, clock.now())).toBeUndefined();
    }));

  test("what comes to light about a key is told to those who are there, not to those who come", async () => {
    using adapter = create();
    const clock = new VirtualClock();
    const first = join(adapter.open, clock, {});
    const second = join(adapter.open, clock, {});
    const findings: readonly KeyFinding[] = [
      { kind: "suspended", reason: "no money" },
      { kind: "recovered" },
      { kind: "model-barred", model: "m", reason: "not yours" },
      { kind: "revoked", reason: "gone" },
    ];
    for (const finding of findings) first.store.report(first.key, finding);
    await clock.advance(adapter.noticeMs);
    const third = join(adapter.open, clock, {});
    await clock.advance(adapter.noticeMs);
    expect(second.heard.findings).toEqual(
      findings.map((finding) => ({ keyName: "a", ...finding })),
    );
    expect(first.heard.findings).toEqual([]);
    expect(third.heard.findings).toEqual([]);
    for (const { store } of [first, second, third]) store.close();
  });
}

function report(place: LanePlace, rateLimit: RateLimitReport, at: number): void {
  place.settle({ kind: "succeeded", usage: undefined, rateLimit }, at);
}
