import { z } from "zod";

/*
 * All that is counted of a lane, as a plain value: it can be written down and read by another
 * process. Times are milliseconds since the Unix epoch. Numbers are finite, since JSON has no other.
 */

const meterStateSchema = z.object({
  /** Differs from that of the meter before, when a limit changed: marks of that one count no more. */
  generation: z.number(),
  /** What the server grants. */
  perMinute: z.number().positive(),
  /** May fall below zero, when more turns out to have been taken than was thought. */
  level: z.number(),
  updatedAt: z.number(),
  /** The sum of all corrections so far. */
  shifted: z.number(),
  /** Answers on end that reported a surplus, and the smallest of these. */
  surpluses: z.number(),
  smallestSurplus: z.number(),
  lastGainAt: z.number(),
  /** The most that the server ever had left: one that holds less than the floor cannot keep it. */
  mostRemaining: z.number().optional(),
  /** The largest deficit of late that answers reported, as a share of a minute; it fades. */
  deficit: z.number(),
  /** Share of the granted rate that is used: 1 but for a while after a throttle. */
  pace: z.number().positive(),
});

const limitsSchema = z.object({
  requestsPerMinute: z.number().optional(),
  tokensPerMinute: z.number().optional(),
  concurrency: z.number().optional(),
});

/** A limit that answers reported `times` on end, and that `doubts` answers since contradict. */
const toldSchema = z.object({ limit: z.number(), times: z.number(), doubts: z.number() });

export const laneStateSchema = z.object({
  /** What is kept: the tighter of what was configured and what was told. */
  limits: limitsSchema,
  granted: limitsSchema,
  told: z.object({ requests: toldSchema.optional(), tokens: toldSchema.optional() }),
  requests: meterStateSchema.optional(),
  tokens: meterStateSchema.optional(),
  pace: z.object({ atCut: z.number(), cutAt: z.number(), recoveryMs: z.number() }),
  /** `from` calls at `since`, when the first was sent; `peak` were too many. */
  ramp: z.object({ from: z.number(), since: z.number().optional(), peak: z.number().optional() }),
  /** Sends and refusals of late; each send lets those before it fade. */
  refusals: z.object({ sent: z.number(), refused: z.number() }),
  heldUntil: z.number(),
  /** Holds so far, and those on end, with no answer in between. */
  holds: z.number(),
  holdsOnEnd: z.number(),
  /** Sends, fading over `LOAD_MS`, and when the last one was. */
  recentSends: z.number(),
  sentAt: z.number(),
});

export type MeterState = z.infer<typeof meterStateSchema>;
export type LaneState = z.infer<typeof laneStateSchema>;
