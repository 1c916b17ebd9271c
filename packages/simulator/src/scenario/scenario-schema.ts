import { z } from "zod";
import { faultSchema } from "./fault-schema.ts";
import { limitGroupSchema } from "./limit-group-schema.ts";
import { secretForKey } from "./secret-for-key.ts";

/** What the simulator offers when a scenario does not say. */
export const DEFAULT_MODELS = [
  "gpt-5",
  "gpt-5-mini",
  "gpt-5-nano",
  "gpt-4.1",
  "gpt-4.1-mini",
  "gpt-4.1-nano",
  "gpt-4o",
  "gpt-4o-mini",
  "o4-mini",
] as const;

/** The key, and its limit group, that requests with an unknown secret count for. */
export const UNKNOWN_KEY_NAME = "unknown";

/** An hour at most: timers hold no more than 24 days. */
const milliseconds = z.number().min(0).max(3_600_000);

const latencySchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("fixed"),
    ms: milliseconds,
    perOutputTokenMs: milliseconds.default(0),
  }),
  z.strictObject({
    kind: z.literal("uniform"),
    minimumMs: milliseconds,
    maximumMs: milliseconds,
    perOutputTokenMs: milliseconds.default(0),
  }),
  z.strictObject({
    kind: z.literal("lognormal"),
    medianMs: milliseconds,
    /** Spread: at 0.4, nineteen in twenty are between 0.45 and 2.2 times the median. */
    sigma: z.number().min(0).default(0.4),
    /** No draw is longer. */
    maximumMs: milliseconds.default(60_000),
    perOutputTokenMs: milliseconds.default(0),
  }),
]);
export type Latency = z.output<typeof latencySchema>;

const outputSchema = z.strictObject({
  /** Length of a reply in plain text. */
  medianTokens: z.number().positive().default(30),
  sigma: z.number().min(0).default(0.3),
});

const keySchema = z.strictObject({
  /** Default: a group of the key's own name. */
  limitGroup: z.string().optional(),
  /** Default: `sk-sim-` and the name. */
  secret: z.string().min(1).optional(),
  /** Models it may use; default: all that the server has. */
  models: z.array(z.string()).nonempty().optional(),
});

/** What a simulator is like: its keys and models, limits, latencies and faults. */
export const scenarioSchema = z
  .strictObject({
    description: z.string().optional(),
    /** Replies, latencies and faults are drawn from this and from what is asked. */
    seed: z.number().int().min(0).default(1),
    models: z
      .union([z.literal("any"), z.array(z.string()).nonempty()])
      .default([...DEFAULT_MODELS]),
    limitGroups: z.record(z.string(), limitGroupSchema).default({}),
    keys: z.record(z.string(), keySchema).default({}),
    unknownKeys: z.enum(["accept", "refuse"]).default("refuse"),
    latency: latencySchema.default({ kind: "fixed", ms: 0, perOutputTokenMs: 0 }),
    output: outputSchema.prefault({}),
    /** The first that matches a request applies to it. */
    faults: z.array(faultSchema).default([]),
    /** Whether to remember what was asked, to count repeats; off for long benchmarks. */
    recordContents: z.boolean().default(true),
  })
  .superRefine((scenario, context) => {
    const { keys } = scenario;
    if (UNKNOWN_KEY_NAME in keys) {
      const message = `"${UNKNOWN_KEY_NAME}" stands for all keys that are not listed; choose another name`;
      context.addIssue({ code: "custom", path: ["keys", UNKNOWN_KEY_NAME], message });
    }
    const groupNames = new Set([...Object.keys(scenario.limitGroups), ...Object.keys(keys)]);
    groupNames.add(UNKNOWN_KEY_NAME);
    const secrets = new Map<string, string>();
    for (const [name, key] of Object.entries(keys)) {
      if (key.limitGroup !== undefined && !groupNames.has(key.limitGroup)) {
        const message = `there is no limit group "${key.limitGroup}"`;
        context.addIssue({ code: "custom", path: ["keys", name, "limitGroup"], message });
      }
      const secret = key.secret ?? secretForKey(name);
      const other = secrets.get(secret);
      if (other !== undefined) {
        const message = `the key "${other}" has the same secret`;
        context.addIssue({ code: "custom", path: ["keys", name], message });
      }
      secrets.set(secret, name);
    }
    for (const [index, fault] of scenario.faults.entries()) {
      for (const name of fault.key ?? []) {
        if (name in keys || name === UNKNOWN_KEY_NAME) continue;
        const message = `there is no key "${name}"`;
        context.addIssue({ code: "custom", path: ["faults", index, "key"], message });
      }
      for (const name of fault.limitGroup ?? []) {
        if (groupNames.has(name)) continue;
        const message = `there is no limit group "${name}"`;
        context.addIssue({ code: "custom", path: ["faults", index, "limitGroup"], message });
      }
    }
  });

/** A scenario with every default filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
/** A scenario as it is written, defaults left out. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
