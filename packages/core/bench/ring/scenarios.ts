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
  readonly bar: { readonly efficiency: number; readonly throttleShare: number };
}

const ALONE = { efficiency: 0.97, throttleShare: 0.001 };

const PROJECTS = [
  { requestsPerMinute: 500, tokensPerMinute: 200_000 },
  { requestsPerMinute: 1_000, tokensPerMinute: 400_000 },
  { requestsPerMinute: 2_000, tokensPerMinute: 300_000 },
];
const UNLIMITED_TOKENS = 1e9;

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
    bar: { efficiency: 0.97, throttleShare: 0.001 },
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
    // What the server had saved up for us before the run, nobody tells.
    bar: { efficiency: 0.8, throttleShare: 0.001 },
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
];
