import fc from "fast-check";
import { expect, test } from "vitest";
import { runScenario } from "../../../bench/ring/run-scenario.ts";
import { SCENARIOS } from "../../../bench/ring/scenarios.ts";
import { VirtualClock } from "../../clock/virtual-clock.ts";
import {
  ChargeTooLargeError,
  InvariantError,
  NoUsableKeyError,
  OutOfServiceError,
  WaitedTooLongError,
} from "../../vocabulary/error.ts";
import type { Demand, KeyRing, Lease, LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { RateLimits } from "../../vocabulary/named-key.ts";
import { sleep } from "../../vocabulary/clock.ts";
import { createRandom } from "../../vocabulary/random.ts";
import { Secret } from "../../vocabulary/secret.ts";
import { createKeyRing } from "./create-key-ring.ts";
import type { PatienceLimits } from "./patience.ts";

const SUCCEEDED: LeaseOutcome = { kind: "succeeded", usage: undefined, rateLimit: undefined };
const REVOKED: LeaseOutcome = {
  kind: "key-rejected",
  reason: "key-revoked",
  message: "the key was revoked",
};

/** A throttle that says that the limit was met. */
function throttled(retryAfterMs?: number): LeaseOutcome {
  const requests = { limit: undefined, remaining: 0, resetMs: undefined };
  const rateLimit = { requests, tokens: undefined };
  return { kind: "throttled", reason: "throttled", retryAfterMs, rateLimit };
}

/** A throttle that says nothing but how long to wait. */
function turnedAway(retryAfterMs?: number) {
  return { kind: "throttled", reason: "throttled", retryAfterMs, rateLimit: undefined } as const;
}

/** Keys by name, each with its limit group; limits by group. */
function setUp(
  keys: Record<string, string>,
  limits: Record<string, RateLimits> = {},
  patience?: PatienceLimits,
) {
  const clock = new VirtualClock();
  const ring = createKeyRing(
    {
      keys: Object.entries(keys).map(([name, limitGroup]) => ({
        name,
        limitGroup,
        secret: new Secret("none"),
        endpoint: { baseUrl: "http://127.0.0.1/v1", organization: undefined, project: undefined },
        models: undefined,
      })),
      limits: new Map(
        Object.entries(limits).map(([group, limit]) => [group, new Map([["*", limit]])]),
      ),
    },
    { clock, random: createRandom(1), patience },
  );
  const demand = (more: Partial<Demand> = {}): Demand => ({
    model: "m",
    keys: undefined,
    tokenCharge: 100,
    ...more,
  });
  return { clock, ring, acquire: (more?: Partial<Demand>) => ring.acquire(demand(more)) };
}

/** Collects names of keys in the order in which leases are granted. */
function collect(leases: readonly Promise<Lease>[]): string[] {
  const granted: string[] = [];
  for (const lease of leases) void lease.then(({ key }) => granted.push(key.name));
  return granted;
}

test("calls are paced through the minute instead of sent as a burst", async () => {
  const { clock, acquire } = setUp({ a: "g" }, { g: { requestsPerMinute: 60 } });
  const granted = collect(Array.from({ length: 100 }, () => acquire()));
  await clock.advance(30_000);
  expect(granted.length).toBeGreaterThanOrEqual(28);
  expect(granted.length).toBeLessThanOrEqual(31);
});

test("keys of one limit group share its limit", async () => {
  const { clock, acquire } = setUp({ a: "g", b: "g", c: "g" }, { g: { requestsPerMinute: 60 } });
  const granted = collect(Array.from({ length: 100 }, () => acquire()));
  await clock.advance(30_000);
  expect(granted.length).toBeLessThanOrEqual(31);
  expect(new Set(granted)).toEqual(new Set(["a", "b", "c"]));
});

test("every group is kept as busy as its own limit allows", async () => {
  const limits = { small: { requestsPerMinute: 60 }, large: { requestsPerMinute: 600 } };
  const { clock, acquire } = setUp({ s: "small", l: "large" }, limits);
  const granted = collect(Array.from({ length: 1000 }, () => acquire()));
  await clock.advance(60_000);
  expect(granted.filter((name) => name === "s").length).toBeGreaterThanOrEqual(57);
  expect(granted.filter((name) => name === "l").length).toBeGreaterThanOrEqual(580);
});

test("groups of which nothing is known are used alike", async () => {
  const { acquire } = setUp({ a: "first", b: "second", c: "third", d: "fourth" });
  const counts = new Map<string, number>();
  for (let call = 0; call < 400; call += 1) {
    const lease = await acquire();
    counts.set(lease.key.name, (counts.get(lease.key.name) ?? 0) + 1);
    lease.settle(SUCCEEDED);
  }
  expect(Math.min(...counts.values())).toBeGreaterThan(70);
  expect(Math.max(...counts.values())).toBeLessThan(130);
});

test("a lane of unknown limits starts with a few calls and doubles while nothing is refused, answered or not", async () => {
  const { clock, acquire } = setUp({ a: "g" });
  const granted = collect(Array.from({ length: 64 }, () => acquire()));
  await clock.advance(0);
  expect(granted).toHaveLength(4);
  await clock.advance(70);
  expect(granted).toHaveLength(8);
  await clock.advance(200);
  expect(granted).toHaveLength(64);
});

test("a call that is turned away stays away as long as it was told, and those behind it go on", async () => {
  const { clock, acquire } = setUp({ a: "g" });
  await clock.advance(1_000);
  (await acquire()).settle(turnedAway(5_000));
  const notBefore = new Map([["g", clock.now() + 5_000]]);
  const turned = collect([acquire({ again: true, notBefore })]);
  const others = collect([acquire(), acquire()]);
  await clock.advance(4_900);
  expect({ turned, others }).toEqual({ turned: [], others: ["a", "a"] });
  await clock.advance(100);
  expect(turned).toEqual(["a"]);
});

test("a call that one group turned away goes to another at once", async () => {
  const { clock, acquire } = setUp({ a: "ga", b: "gb" });
  const notBefore = new Map([["ga", clock.now() + 5_000]]);
  const granted = collect([1, 2, 3, 4].map(() => acquire({ again: true, notBefore })));
  await clock.advance(0);
  expect(granted).toEqual(["b", "b", "b", "b"]);
});

test("a storm on three of four groups leaves the fourth at work, and is asked a few times only", async () => {
  const groups = { a: "ga", b: "gb", c: "gc", d: "gd" };
  const limits = Object.values(groups).map((group) => [group, { requestsPerMinute: 600 }]);
  const { clock, acquire } = setUp(groups, Object.fromEntries(limits));
  let served = 0;
  let refused = 0;
  const work = async () => {
    const notBefore = new Map<string, number>();
    for (;;) {
      const lease = await acquire({ again: notBefore.size > 0, notBefore });
      const isStormy = lease.key.name !== "d";
      await sleep(clock, isStormy ? 20 : 250);
      if (isStormy) notBefore.set(lease.key.limitGroup, clock.now() + 1_000);
      else notBefore.clear();
      lease.settle(isStormy ? turnedAway(1_000) : SUCCEEDED);
      if (isStormy) refused += 1;
      else served += 1;
    }
  };
  for (let worker = 0; worker < 64; worker++) void work();
  await clock.advance(60_000);
  expect(served).toBeGreaterThanOrEqual(540);
  expect(refused).toBeLessThan(60);
});

test("a call waits for the group that turned it away where the keys of all others are gone", async () => {
  const { clock, acquire } = setUp({ a: "ga", b: "gb" });
  (await acquire({ keys: ["b"] })).settle(REVOKED);
  const notBefore = new Map([["ga", clock.now() + 5_000]]);
  const granted = collect([acquire({ again: true, notBefore })]);
  await clock.advance(4_000);
  expect(granted).toEqual([]);
  await clock.advance(1_000);
  expect(granted).toEqual(["a"]);
});

test("a configured concurrency is never exceeded", async () => {
  const { clock, acquire } = setUp({ a: "g", b: "g" }, { g: { concurrency: 3 } });
  const leases: Lease[] = [];
  for (let call = 0; call < 10; call++) void acquire().then((lease) => leases.push(lease));
  await clock.advance(1_000);
  expect(leases).toHaveLength(3);
  leases[0]?.settle(SUCCEEDED);
  await clock.advance(0);
  expect(leases).toHaveLength(4);
});

test("a call of one model does not wait behind those of a model that is held", async () => {
  const { clock, acquire } = setUp({ a: "g" });
  (await acquire({ model: "slow" })).settle(throttled(60_000));
  const slow = collect([acquire({ model: "slow" })]);
  const quick = collect([acquire({ model: "quick" })]);
  await clock.advance(10);
  expect({ slow, quick }).toEqual({ slow: [], quick: ["a"] });
});

test("a throttled group is left alone for as long as it said, then tried with one call", async () => {
  const { clock, acquire } = setUp({ a: "g" }, { g: { requestsPerMinute: 6_000 } });
  (await clock.runUntil(acquire())).settle(throttled(5_000));
  const granted = collect([acquire(), acquire(), acquire()]);
  await clock.advance(4_999);
  expect(granted).toHaveLength(0);
  await clock.advance(251);
  expect(granted).toHaveLength(1);
});

test("a second throttle never shortens a hold", async () => {
  const { clock, acquire } = setUp({ a: "g" }, { g: { requestsPerMinute: 60_000 } });
  const [first, second] = await clock.runUntil(Promise.all([acquire(), acquire()]));
  first.settle(throttled(60_000));
  second.settle(throttled(1));
  const granted = collect([acquire()]);
  await clock.advance(59_000);
  expect(granted).toHaveLength(0);
});

test("while one group is held for a day, the others go on", async () => {
  const { clock, acquire } = setUp({ a: "ga", b: "gb" }, { gb: { requestsPerMinute: 6_000 } });
  await clock.advance(1_000);
  const onA = await acquire({ keys: ["a"] });
  onA.settle(throttled(86_400_000));
  const granted = collect(Array.from({ length: 20 }, () => acquire()));
  await clock.advance(1_000);
  expect(granted).toEqual(Array.from({ length: 20 }, () => "b"));
});

test("a call that was sent before goes before those that were not", async () => {
  const { clock, acquire } = setUp({ a: "g" }, { g: { concurrency: 1 } });
  const holder = await acquire();
  const order: string[] = [];
  void acquire().then((lease) => {
    order.push("new");
    lease.settle(SUCCEEDED);
  });
  void acquire({ again: true }).then((lease) => {
    order.push("again");
    lease.settle(SUCCEEDED);
  });
  holder.settle(SUCCEEDED);
  await clock.advance(10);
  expect(order).toEqual(["again", "new"]);
});

test("no call goes to a key after its rejection was read, and its calls move on", async () => {
  const { clock, acquire } = setUp({ a: "ga", b: "gb" });
  const onA = await acquire({ keys: ["a"] });
  onA.settle(REVOKED);
  const granted = collect(Array.from({ length: 4 }, () => acquire()));
  await clock.advance(10);
  expect(granted).toEqual(["b", "b", "b", "b"]);
});

test("with the last key gone, everyone who waits is told why and what to do", async () => {
  const { acquire } = setUp({ a: "g" }, { g: { concurrency: 1 } });
  const holder = await acquire();
  const waiting = acquire();
  holder.settle(REVOKED);
  await expect(waiting).rejects.toThrow(NoUsableKeyError);
  await expect(acquire()).rejects.toThrow(/a: the key was revoked.*same command again/);
});

test("a billing refusal rests all keys of the group, and one call tries again after minutes", async () => {
  const { clock, acquire, ring } = setUp({ a: "g", b: "g", c: "other" });
  const message = "no money";
  const onA = await acquire({ keys: ["a"] });
  onA.settle({ kind: "key-rejected", reason: "billing-organization", message });
  expect(ring.status().map(({ health }) => health)).toEqual(["suspended", "suspended", "ready"]);
  await clock.advance(6 * 60_000);
  const leases = await Promise.all([acquire(), acquire(), acquire(), acquire(), acquire()]);
  const probes = leases.filter(({ key }) => key.name !== "c");
  expect(probes.length).toBeGreaterThanOrEqual(1);
  probes[0]?.settle(SUCCEEDED);
  const probed = ring.status().find(({ name }) => name === probes[0]?.key.name);
  expect(probed?.health).toBe("ready");
});

test("a key that may not use a model still serves others", async () => {
  const { acquire, ring } = setUp({ a: "g" });
  const lease = await acquire({ model: "forbidden" });
  lease.settle({ kind: "key-rejected", reason: "model-not-allowed", message: "not yours" });
  await expect(acquire({ model: "forbidden" })).rejects.toThrow(NoUsableKeyError);
  (await acquire({ model: "allowed" })).settle(SUCCEEDED);
  expect(ring.status()[0]?.health).toBe("ready");
});

test("a heavy call keeps the group it waits for, and leaves the others to lighter calls", async () => {
  const limits = {
    large: { tokensPerMinute: 100_000 },
    small: { tokensPerMinute: 2_000, requestsPerMinute: 6_000 },
  };
  const { clock, acquire } = setUp({ l: "large", s: "small" }, limits);
  (await acquire({ tokenCharge: 80_000 })).settle(SUCCEEDED);
  const heavy = collect([acquire({ tokenCharge: 60_000 })]);
  const light = collect([10, 10, 10].map((tokenCharge) => acquire({ tokenCharge })));
  await clock.advance(1_000);
  expect({ heavy, light }).toEqual({ heavy: [], light: ["s", "s", "s"] });
  await clock.advance(60_000);
  expect(heavy).toEqual(["l"]);
});

test("a wait of zero, or below, or none at all, is a wait all the same", async () => {
  for (const retryAfterMs of [0, -5, undefined]) {
    const { clock, acquire } = setUp({ a: "g" }, { g: { requestsPerMinute: 6_000 } });
    (await clock.runUntil(acquire())).settle(throttled(retryAfterMs));
    const granted = collect([acquire()]);
    await clock.advance(900);
    expect(granted).toEqual([]);
    await clock.advance(300);
    expect(granted).toEqual(["a"]);
  }
});

test("answers of calls that were sent before a throttle do not widen what follows it", async () => {
  const { clock, acquire } = setUp({ a: "g" }, { g: { requestsPerMinute: 60_000 } });
  const leases = await clock.runUntil(Promise.all(Array.from({ length: 20 }, () => acquire())));
  leases[0]?.settle(throttled(1_000));
  for (const lease of leases.slice(1)) lease.settle(SUCCEEDED);
  const granted = collect(Array.from({ length: 20 }, () => acquire()));
  await clock.advance(1_200);
  expect(granted).toHaveLength(1);
});

const UNSERVED: LeaseOutcome = { kind: "no-service", message: "refused" };

test("an endpoint that serves nobody is tried by one call at growing intervals, until one is served", async () => {
  const { clock, acquire, ring } = setUp({ a: "g" });
  const sentAt: number[] = [];
  let isAway = true;
  const makeCall = async () => {
    for (;;) {
      const lease = await acquire();
      sentAt.push(clock.now());
      await sleep(clock, 5);
      lease.settle(isAway ? UNSERVED : SUCCEEDED);
      if (!isAway) return;
    }
  };
  const calls = Promise.all(Array.from({ length: 50 }, makeCall));
  await clock.advance(30_000);
  expect(ring.status()[0]).toMatchObject({ health: "out" });
  expect(ring.status()[0]?.reason).toMatch(
    /^no answer from 127\.0\.0\.1 since 30 s, next try in \d s: refused$/,
  );
  expect(sentAt.length).toBeLessThan(40);
  const late = sentAt.filter((at) => at > 10_000);
  expect(late.length).toBeGreaterThanOrEqual(4);
  isAway = false;
  await clock.advance(5_000);
  await calls;
  expect(ring.status()[0]).toMatchObject({ health: "ready" });
});

test("a few calls without service among many that are served hold nobody", async () => {
  const { clock, acquire, ring } = setUp({ a: "g" });
  for (let call = 0; call < 100; call++) {
    (await acquire()).settle(call % 10 === 0 ? UNSERVED : SUCCEEDED);
    expect(ring.status()[0]).toMatchObject({ health: "ready" });
  }
  expect(clock.now()).toBe(0);
});

test("where nobody is served for too long, everyone who waits is told so", async () => {
  const { clock, acquire } = setUp({ a: "g" }, {}, { outageMs: 60_000, maxWaitMs: Infinity });
  const makeCall = async () => {
    for (;;) {
      const lease = await acquire();
      lease.settle(UNSERVED);
      await sleep(clock, 100);
    }
  };
  const started = clock.now();
  await expect(clock.runUntil(makeCall())).rejects.toThrow(OutOfServiceError);
  expect(clock.now() - started).toBeGreaterThanOrEqual(60_000);
  expect(clock.now() - started).toBeLessThan(66_000);
});

test("a wait for a limit that is longer than the run may wait ends at once, and says until when", async () => {
  const { acquire } = setUp({ a: "g" }, {}, { outageMs: Infinity, maxWaitMs: 3_600_000 });
  (await acquire()).settle(throttled(86_400_000));
  await expect(acquire()).rejects.toThrow(/limits of g .* before 1970-01-0\dT.*maxWaitMinutes/);
});

test("a server that always asks to slow down is waited for no longer than the run may wait", async () => {
  const { clock, acquire } = setUp({ a: "g" }, {}, { outageMs: Infinity, maxWaitMs: 3_600_000 });
  const makeCall = async () => {
    for (;;) (await acquire()).settle({ ...turnedAway(), reason: "ramp-too-steep" });
  };
  await expect(clock.runUntil(makeCall())).rejects.toThrow(WaitedTooLongError);
  expect(clock.now()).toBeGreaterThan(3_000_000);
  expect(clock.now()).toBeLessThan(3_700_000);
});

test("a call that no group could ever hold is refused at once", async () => {
  const { acquire } = setUp({ a: "g" }, { g: { tokensPerMinute: 1_000 } });
  await expect(acquire({ tokenCharge: 1_001 })).rejects.toThrow(ChargeTooLargeError);
});

test("a lease is settled once", async () => {
  const { acquire } = setUp({ a: "g" });
  const lease = await acquire();
  lease.settle(SUCCEEDED);
  expect(() => lease.settle(SUCCEEDED)).toThrow(InvariantError);
});

test("a call that gives up waiting leaves its place to the next", async () => {
  const { clock, acquire } = setUp({ a: "g" }, { g: { concurrency: 1 } });
  const holder = await acquire();
  const leaving = new AbortController();
  const gone = acquire({ signal: leaving.signal });
  const next = collect([acquire()]);
  leaving.abort(new Error("stopped"));
  await expect(gone).rejects.toThrow("stopped");
  holder.settle(SUCCEEDED);
  await clock.advance(10);
  expect(next).toEqual(["a"]);
});

test("whatever comes of calls, each one that waits is served or refused, and no dead key is used", async () => {
  const outcome = fc.constantFrom<LeaseOutcome>(
    SUCCEEDED,
    SUCCEEDED,
    SUCCEEDED,
    throttled(),
    throttled(2_000),
    { kind: "transient", rateLimit: undefined },
    { kind: "caller-fault", rateLimit: undefined },
    { kind: "abandoned", sent: false },
    REVOKED,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(outcome, { minLength: 1, maxLength: 60 }), async (outcomes) => {
      const { clock, ring, acquire } = setUp(
        { a: "ga", b: "ga", c: "gc" },
        { ga: { requestsPerMinute: 600, concurrency: 2 } },
      );
      const dead = new Map<string, number>();
      const work = outcomes.map(async (end) => {
        const lease = await acquire().catch(() => undefined);
        if (!lease) return;
        const grantedAt = clock.now();
        await sleep(clock, 10);
        expect(grantedAt).toBeLessThanOrEqual(dead.get(lease.key.name) ?? Infinity);
        if (end.kind === "key-rejected") dead.set(lease.key.name, clock.now());
        lease.settle(end);
      });
      await clock.runUntil(Promise.all(work));
      expect(inFlight(ring)).toBe(0);
    }),
    { numRuns: 60 },
  );
});

function inFlight(ring: KeyRing): number {
  return ring.status().reduce((sum, key) => sum + key.inFlight, 0);
}

test.for(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  "the bars hold in virtual time: %s",
  async ([, scenario]) => {
    const { efficiency, throttleShare, sendsAfterRevocation } = await runScenario(scenario, 7);
    expect(efficiency).toBeGreaterThanOrEqual(scenario.bar.efficiency);
    expect(throttleShare).toBeLessThanOrEqual(scenario.bar.throttleShare);
    expect(sendsAfterRevocation).toBeLessThanOrEqual(8);
  },
);
