import { VirtualClock } from "../../src/clock/virtual-clock.ts";
import { createKeyRing } from "../../src/keys/ring/create-key-ring.ts";
import { sleep } from "../../src/vocabulary/clock.ts";
import type { LeaseOutcome } from "../../src/vocabulary/key-ring.ts";
import type { KeyRingConfiguration } from "../../src/vocabulary/named-key.ts";
import { createRandom } from "../../src/vocabulary/random.ts";
import { Secret } from "../../src/vocabulary/secret.ts";
import { ModelledServer } from "./modelled-server.ts";
import type { Scenario } from "./scenarios.ts";

export interface ScenarioResult {
  /** Shortest possible time ÷ time taken. */
  readonly efficiency: number;
  /** Refused sends ÷ sends. */
  readonly throttleShare: number;
  /** Sends on the revoked key after its revocation. */
  readonly sendsAfterRevocation: number;
}

const MODEL = "modelled";
/** A request is at the server by then, however long the answer takes. */
const MAX_WAY_MS = 80;
const SHED_WAIT_MS = 1_000;

/** Runs a scenario's calls through a real key ring, in virtual time. */
export async function runScenario(scenario: Scenario, seed: number): Promise<ScenarioResult> {
  const { groups, calls, charge, overcharge = 0, othersShare = 0, headers = true } = scenario;
  const { shedShare = 0, latency = { medianMs: 250, sigma: 0.35 } } = scenario;
  const clock = new VirtualClock();
  const random = createRandom(seed);
  const servers = new Map(
    groups.map((group, index) => [`group-${index}`, new ModelledServer(group)]),
  );
  const ring = createKeyRing(configure(scenario), { clock, random });
  let sends = 0;
  let throttles = 0;
  let sendsAfterRevocation = 0;
  let lastAnswerAt = 0;
  const latencies: number[] = [];

  const makeCall = async () => {
    const notBefore = new Map<string, number>();
    for (let again = false; ; again = true) {
      const lease = await ring.acquire({
        model: MODEL,
        keys: undefined,
        tokenCharge: charge,
        again,
        notBefore,
      });
      sends += 1;
      const latencyMs = latency.medianMs * Math.exp(latency.sigma * normal(random));
      const wayMs = Math.min(MAX_WAY_MS, latencyMs * 0.1);
      await sleep(clock, wayMs);
      if (lease.key.name === "key-0-0" && clock.now() >= (scenario.revokedAtMs ?? Infinity)) {
        sendsAfterRevocation += 1;
        await sleep(clock, 30);
        lease.settle({ kind: "key-rejected", reason: "key-revoked", message: "revoked" });
        continue;
      }
      const server = servers.get(lease.key.limitGroup);
      const admission = server?.admit(charge * (1 + overcharge * random()), clock.now());
      if (!admission) throw new Error("no such group");
      if (shedShare > 0 && random() < shedShare) {
        throttles += 1;
        await sleep(clock, 20);
        notBefore.set(lease.key.limitGroup, clock.now() + SHED_WAIT_MS);
        lease.settle(shed());
        continue;
      }
      const rateLimit = headers ? admission.report : undefined;
      if (admission.kind === "admitted") {
        latencies.push(latencyMs);
        await sleep(clock, latencyMs - wayMs);
        lastAnswerAt = clock.now();
        lease.settle({ kind: "succeeded", usage: undefined, rateLimit });
        return;
      }
      throttles += 1;
      await sleep(clock, 20);
      const { retryAfterMs } = admission;
      notBefore.set(lease.key.limitGroup, clock.now() + retryAfterMs);
      lease.settle({ kind: "throttled", reason: "throttled", retryAfterMs, rateLimit });
    }
  };

  let left = calls;
  const work = async () => {
    while (left-- > 0) await makeCall();
  };
  const others = new AbortController();
  if (othersShare > 0) {
    for (const [name, group] of groups.entries()) {
      const server = servers.get(`group-${name}`);
      void disturb(
        group.requestsPerMinute * othersShare,
        (group.tokensPerMinute * othersShare) / (group.requestsPerMinute * othersShare),
        server,
      );
    }
  }
  async function disturb(perMinute: number, tokens: number, server: ModelledServer | undefined) {
    while (!others.signal.aborted) {
      await sleep(clock, (60_000 / perMinute) * -Math.log(1 - random()));
      server?.admit(tokens, clock.now());
    }
  }
  await clock.runUntil(Promise.all(Array.from({ length: scenario.inFlight }, work)));
  others.abort();

  return {
    efficiency:
      Math.max(shortestMs(scenario), scheduleMs(latencies, scenario.inFlight)) / lastAnswerAt,
    throttleShare: throttles / sends,
    sendsAfterRevocation,
  };
}

function configure({
  groups,
  keysPerGroup = 1,
  configured = true,
}: Scenario): KeyRingConfiguration {
  return {
    keys: groups.flatMap((_, group) =>
      Array.from({ length: keysPerGroup }, (__, key) => ({
        name: `key-${group}-${key}`,
        secret: new Secret("none"),
        limitGroup: `group-${group}`,
        endpoint: { baseUrl: "http://127.0.0.1", organization: undefined, project: undefined },
        models: undefined,
      })),
    ),
    limits: new Map(
      configured ? groups.map((group, index) => [`group-${index}`, new Map([["*", group]])]) : [],
    ),
  };
}

function shed(): LeaseOutcome {
  return {
    kind: "throttled",
    reason: "throttled",
    retryAfterMs: SHED_WAIT_MS,
    rateLimit: undefined,
  };
}

/** The time that calls of these latencies take in so many places, none of which is ever empty. */
function scheduleMs(latencies: readonly number[], places: number): number {
  const freeAt: number[] = Array.from({ length: places }, () => 0);
  for (const latencyMs of latencies) {
    const earliest = freeAt.indexOf(Math.min(...freeAt));
    freeAt[earliest] = (freeAt[earliest] ?? 0) + latencyMs;
  }
  return Math.max(...freeAt);
}

/** By the initial credit and the refill of every group, in what remains of it to us. */
function shortestMs(scenario: Scenario): number {
  const { groups, calls, charge, overcharge = 0, othersShare = 0, revokedAtMs } = scenario;
  const meanCharge = charge * (1 + overcharge / 2);
  const ours = groups.map(({ requestsPerMinute, tokensPerMinute }) => ({
    requestsPerMinute: requestsPerMinute * (1 - othersShare),
    tokensPerMinute: tokensPerMinute * (1 - othersShare),
  }));
  if (revokedAtMs === undefined) return ModelledServer.shortestMs(ours, calls, meanCharge);
  const [lost, ...rest] = ours;
  if (!lost) return 0;
  let low = 0;
  let high = calls;
  // What the lost group can do until then, it does; the others do the rest.
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (ModelledServer.shortestMs([lost], middle, meanCharge) <= revokedAtMs) low = middle;
    else high = middle;
  }
  return ModelledServer.shortestMs(rest, calls - low, meanCharge);
}

/** Box–Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
