import { VirtualClock } from "../../src/clock/virtual-clock.ts";
import type { OpenLimitStore } from "../../src/keys/limits/limit-store.ts";
import { createKeyRing } from "../../src/keys/ring/create-key-ring.ts";
import { sleep } from "../../src/vocabulary/clock.ts";
import type { KeyRing } from "../../src/vocabulary/key-ring.ts";
import type { RateLimits } from "../../src/vocabulary/named-key.ts";
import { createRandom } from "../../src/vocabulary/random.ts";
import { Secret } from "../../src/vocabulary/secret.ts";
import { ModelledServer } from "./modelled-server.ts";

/** One of several rings on one limit group, as if each were a process of its own. */
export interface Participant {
  readonly calls: number;
  readonly inFlight: number;
  /** When it begins. @default 0 */
  readonly startMs?: number;
  /** When it is killed: it does not say so to anybody. */
  readonly killedAtMs?: number;
  readonly limits?: RateLimits;
}

export interface SideBySide {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  readonly charge: number;
  readonly seed: number;
  readonly headers?: boolean;
  readonly participants: readonly Participant[];
  readonly open: OpenLimitStore;
}

export interface SideBySideResult {
  /** When each call was admitted, by participant. */
  readonly admittedAt: readonly (readonly number[])[];
  readonly refusals: number;
  readonly sends: number;
  readonly endedAtMs: number;
}

/** Runs rings side by side in virtual time, against one modelled limit group. */
export async function runSideBySide(options: SideBySide): Promise<SideBySideResult> {
  const { charge, seed, headers = true, participants } = options;
  const clock = new VirtualClock();
  const random = createRandom(seed);
  const server = new ModelledServer(options);
  const admittedAt: number[][] = participants.map(() => []);
  let sends = 0;
  let refusals = 0;
  let endedAtMs = 0;

  /** Of a killed process no timer fires, and nothing is heard any more. */
  function clockOf({ killedAtMs = Infinity }: Participant) {
    return {
      now: () => clock.now(),
      schedule: (delayMs: number, callback: () => void) =>
        clock.schedule(delayMs, () => {
          if (clock.now() < killedAtMs) callback();
        }),
    };
  }

  async function makeCall(ring: KeyRing, participant: Participant, index: number): Promise<void> {
    const { killedAtMs = Infinity } = participant;
    for (let again = false; ; again = true) {
      const lease = await ring.acquire({ model: "m", keys: undefined, tokenCharge: charge, again });
      sends += 1;
      const latencyMs = 100 + 300 * random();
      await sleep(clock, latencyMs * 0.1);
      const admission = server.admit(charge, clock.now());
      const rateLimit = headers ? admission.report : undefined;
      if (admission.kind === "admitted") admittedAt[index]?.push(clock.now());
      else refusals += 1;
      await sleep(clock, admission.kind === "admitted" ? latencyMs * 0.9 : 20);
      if (clock.now() >= killedAtMs) return;
      endedAtMs = clock.now();
      if (admission.kind === "admitted") {
        lease.settle({ kind: "succeeded", usage: undefined, rateLimit });
        return;
      }
      const { retryAfterMs } = admission;
      lease.settle({ kind: "throttled", reason: "throttled", retryAfterMs, rateLimit });
    }
  }

  async function participate(participant: Participant, index: number): Promise<void> {
    const { startMs = 0, calls, inFlight, killedAtMs = Infinity } = participant;
    const { requestsPerMinute, tokensPerMinute } = options;
    const { limits = { requestsPerMinute, tokensPerMinute } } = participant;
    await sleep(clock, startMs);
    const ring = createKeyRing(
      {
        keys: [
          {
            name: `key-${index}`,
            secret: new Secret("sk-shared"),
            limitGroup: `group-${index}`,
            endpoint: { baseUrl: "http://127.0.0.1", organization: undefined, project: undefined },
            models: undefined,
          },
        ],
        limits: new Map([[`group-${index}`, new Map([["*", limits]])]]),
      },
      { clock: clockOf(participant), random: createRandom(seed + index), limits: options.open },
    );
    let left = calls;
    const work = async () => {
      while (left-- > 0 && clock.now() < killedAtMs) await makeCall(ring, participant, index);
    };
    const done = Promise.all(Array.from({ length: inFlight }, work));
    await Promise.race([
      done,
      ...(killedAtMs < Infinity ? [sleep(clock, killedAtMs - startMs)] : []),
    ]);
    if (killedAtMs === Infinity) ring.close();
  }

  await clock.runUntil(Promise.all(participants.map(participate)));
  return { admittedAt, refusals, sends, endedAtMs };
}
