import { z } from "zod";

const rates = {
  requestsPerMinute: z.number().positive().optional(),
  tokensPerMinute: z.number().positive().optional(),
};

/** Limits of a group. They hold for all models together, except those listed under `models`. */
export const limitGroupSchema = z.strictObject({
  ...rates,
  /** Requests in flight at once, over all models. */
  concurrency: z.number().int().positive().optional(),
  /** The request bucket holds what flows in during this time. */
  burstSeconds: z.number().positive().default(1),
  /** The token bucket holds what flows in during this time. */
  tokenBurstSeconds: z.number().positive().default(60),
  /** How full the buckets are at the start. */
  initialFill: z.number().min(0).max(1).default(1),
  /** Whether a refused request uses up the request limit too. */
  countRefused: z.boolean().default(true),
  /** What is charged at admission: the prompt's estimate plus the output cap, or the larger of them. */
  tokenCharge: z.enum(["sum", "larger"]).default("larger"),
  /** Models with rates of their own, beside the group's. */
  models: z.record(z.string(), z.strictObject(rates)).default({}),
});

export type LimitGroupSettings = z.output<typeof limitGroupSchema>;

/** The part of a group's settings that makes a rate window. */
export type Limits = Omit<LimitGroupSettings, "concurrency" | "models" | "tokenCharge">;
