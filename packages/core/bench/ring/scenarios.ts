import type { ModelledGroup } from "./modelled-server.ts";

export interface Scenario {
  readonly name: string;
  readonly groups: readonly ModelledGroup[];
  /** Keys on each group. */
  readonly keysPerGroup?: number;
  readonly calls: number;
  readonly inFlight: number;
  readonly charge: number;
  /** Whether the ring is told the limits, or has to learn them. */
  readonly configured?: boolean;
  readonly headers?: boolean;
  /** The first key is dead from this time on. */
  readonly revokedAtMs?: number;
  /** The server charges up to this share more than is estimated. */
  readonly overcharge?: number;
  /** Share of every limit that others take. */
  readonly othersShare?: number;
  /** Lognormal. @default a median of 250 ms, σ 0.35 */
  readonly latency?: { readonly medianMs: number; readonly sigma: number };
  /** Share of all calls that the server turns away by lot, with a wait of a second, whatever is left. */
  readonly shedShare?: number;
  readonly bar: { readonly efficiency: number; readonly throttleShare: number };
}

const ALONE = { efficiency: 0.97, throttleShare: 0.001 };

const PROJECTS = [
  { requestsPerMinute: 500, tokensPerMinute: 200_000 },
  { requestsPerMinute: 1_000, tokensPerMinute: 400_000 },
  { requestsPerMinute: 2_000, tokensPerMinute: 300_000 },
];
const UNLIMITED_TOKENS = 1e9;
const TOKEN_BOUND = [60_000, 120_000, 300_000, 480_000].map((tokensPerMinute) => ({
  requestsPerMinute: 6_000,
  tokensPerMinute,
}));
/** So much that no call of a scenario ever waits for it. */
const UNLIMITED = [{ requestsPerMinute: 1e7, tokensPerMinute: 1e12 }];
const SLOW_ANSWERS = { medianMs: 20_000, sigma: 0.5 };
const USUAL_ANSWERS = { medianMs: 800, sigma: 0.5 };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "3 projects, known limits",
    groups: PROJECTS,
    calls: 6_000,
    inFlight: 128,
    charge: 300,
    bar: ALONE,
  },
  {
    name: "3 keys sharing one project",
    groups: PROJECTS.slice(1, 2),
    keysPerGroup: 3,
    calls: 4_000,
    inFlight: 96,
    charge: 300,
    bar: ALONE,
  },
  {
    name: "limits learned from headers",
    groups: PROJECTS,
    calls: 6_000,
    inFlight: 128,
    charge: 300,
    configured: false,
    // What a limit is, the first answers tell; those sent before them may meet it.
    bar: { efficiency: 0.97, throttleShare: 0.002 },
  },
  {
    name: "a key revoked at 60 s",
    groups: PROJECTS,
    calls: 6_000,
    inFlight: 128,
    charge: 300,
    revokedAtMs: 60_000,
    bar: ALONE,
  },
  {
    name: "server charges 0-30 % more than estimated",
    groups: PROJECTS,
    calls: 6_000,
    inFlight: 128,
    charge: 300,
    overcharge: 0.3,
    bar: { efficiency: 0.97, throttleShare: 0.001 },
  },
  {
    name: "others take a quarter",
    groups: PROJECTS,
    calls: 5_000,
    inFlight: 128,
    charge: 300,
    othersShare: 0.25,
    bar: { efficiency: 0.97, throttleShare: 0.02 },
  },
  {
    name: "no headers at all, known limits",
    groups: PROJECTS,
    calls: 6_000,
    inFlight: 128,
    charge: 300,
    headers: false,
    bar: { efficiency: 0.92, throttleShare: 0.001 },
  },
  {
    name: "600, 1,200, 3,000 and 6,000 a minute",
    groups: [600, 1_200, 3_000, 6_000].map((requestsPerMinute) => ({
      requestsPerMinute,
      tokensPerMinute: UNLIMITED_TOKENS,
    })),
    calls: 11_520,
    inFlight: 128,
    charge: 100,
    bar: ALONE,
  },
  {
    name: "tokens bind, known",
    groups: TOKEN_BOUND,
    calls: 6_600,
    inFlight: 128,
    charge: 300,
    bar: { efficiency: 1 / 1.02, throttleShare: 0.0005 },
  },
  {
    name: "tokens bind, learned from headers",
    groups: TOKEN_BOUND,
    calls: 6_600,
    inFlight: 128,
    charge: 300,
    configured: false,
    bar: { efficiency: 1 / 1.03, throttleShare: 0.002 },
  },
  {
    name: "limits neither told nor in headers",
    groups: [600, 1_200, 3_000].map((requestsPerMinute) => ({
      requestsPerMinute,
      tokensPerMinute: UNLIMITED_TOKENS,
    })),
    calls: 4_800,
    inFlight: 128,
    charge: 100,
    configured: false,
    headers: false,
    // Without a word of the server, a limit is only found by meeting it now and then.
    bar: { efficiency: 0.85, throttleShare: 0.1 },
  },
  {
    name: "no limits, headers say so",
    groups: UNLIMITED,
    calls: 2_000,
    inFlight: 128,
    charge: 100,
    configured: false,
    latency: USUAL_ANSWERS,
    bar: { efficiency: 1 / 1.03, throttleShare: 0 },
  },
  {
    name: "no limits, no headers",
    groups: UNLIMITED,
    calls: 2_000,
    inFlight: 128,
    charge: 100,
    configured: false,
    headers: false,
    latency: USUAL_ANSWERS,
    bar: { efficiency: 1 / 1.03, throttleShare: 0 },
  },
  {
    name: "no limits, no headers, answers of 20 s",
    groups: UNLIMITED,
    calls: 1_000,
    inFlight: 128,
    charge: 100,
    configured: false,
    headers: false,
    latency: SLOW_ANSWERS,
    bar: { efficiency: 1 / 1.05, throttleShare: 0 },
  },
  {
    name: "a tenth turned away by lot",
    groups: UNLIMITED,
    calls: 200,
    inFlight: 16,
    charge: 100,
    configured: false,
    headers: false,
    shedShare: 0.1,
    bar: { efficiency: 1 / 3, throttleShare: 0.2 },
  },
  {
    name: "the same, of one whose limits are known",
    groups: UNLIMITED,
    calls: 200,
    inFlight: 16,
    charge: 100,
    headers: false,
    shedShare: 0.1,
    bar: { efficiency: 1 / 3, throttleShare: 0.2 },
  },
];
