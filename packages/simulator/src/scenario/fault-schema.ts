import { z } from "zod";

/** A header value that node:http will send. Numbers are taken as they are written. */
const headerValue = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => /^[\t\x20-\x7e]*$/.test(text), "must be printable ASCII");

const names = z
  .union([z.string(), z.array(z.string()).nonempty()])
  .transform((value) => (typeof value === "string" ? [value] : value));

/** Which requests a fault hits; all that is given must hold. */
const matchers = {
  key: names.optional(),
  limitGroup: names.optional(),
  model: names.optional(),
  /** Seconds since the start, or since the last reset. */
  afterSeconds: z.number().min(0).optional(),
  untilSeconds: z.number().min(0).optional(),
  /** Spares the first so many chat requests, and those after so many. */
  afterRequests: z.number().int().min(0).optional(),
  untilRequests: z.number().int().min(0).optional(),
  /** Whose requests those counts are of. Default: each key's own where `key` is given, else all. */
  countPer: z.enum(["key", "server"]).optional(),
  /** The part of the matching requests that is hit. */
  share: z.number().min(0).max(1).default(1),
  /** Hits requests whose messages hold this text. */
  containsText: z.string().min(1).optional(),
};

const WRONG_BODIES = [
  "empty-object",
  "html",
  "error-object",
  "not-json",
  "wrong-types",
  "empty-choices",
  "null-content",
  "huge",
  "gzip-bomb",
  "unasked-stream",
] as const;
export type WrongBody = (typeof WRONG_BODIES)[number];

/** One kind of fault, and the requests it hits. */
export const faultSchema = z.discriminatedUnion("kind", [
  // Refusals: answered at once, and not charged against any limit.
  z.strictObject({ ...matchers, kind: z.literal("revoked") }),
  z.strictObject({ ...matchers, kind: z.literal("ip-not-authorized") }),
  z.strictObject({ ...matchers, kind: z.literal("permission") }),
  z.strictObject({ ...matchers, kind: z.literal("model-not-found") }),
  z.strictObject({
    ...matchers,
    kind: z.literal("billing"),
    code: z.string().default("insufficient_quota"),
  }),
  z.strictObject({
    ...matchers,
    kind: z.literal("throttle"),
    /** Sent as they stand, however wrong; left out, the header is left out. */
    retryAfter: headerValue.optional(),
    retryAfterMs: headerValue.optional(),
  }),
  z.strictObject({
    ...matchers,
    kind: z.literal("slow-down"),
    status: z.union([z.literal(429), z.literal(503)]).default(503),
  }),
  z.strictObject({
    ...matchers,
    kind: z.literal("status"),
    status: z.number().int().min(400).max(599),
    code: z.string().nullable().default(null),
    type: z.string().default("server_error"),
    message: z.string().default("The simulator was told to answer with this status."),
    headers: z.record(z.string().regex(/^[\w-]+$/), headerValue).default({}),
  }),
  z.strictObject({
    ...matchers,
    kind: z.literal("redirect"),
    /** Another origin; by default one where nobody listens. */
    location: z.url().default("http://127.0.0.1:9/v1/chat/completions"),
  }),
  z.strictObject({ ...matchers, kind: z.literal("context-length") }),
  z.strictObject({
    ...matchers,
    kind: z.literal("content-filter"),
    /** A 400, a reply that was cut off by the filter, or the model's own refusal. */
    variant: z.enum(["error", "finish-reason", "refusal"]).default("error"),
  }),

  // Replies that are admitted and charged, and then are not what they should be.
  z.strictObject({ ...matchers, kind: z.literal("length") }),
  z.strictObject({
    ...matchers,
    kind: z.literal("wrong-body"),
    variant: z.enum(WRONG_BODIES),
  }),

  // Right replies that do not arrive as they should.
  z.strictObject({ ...matchers, kind: z.literal("reset") }),
  z.strictObject({ ...matchers, kind: z.literal("hang") }),
  z.strictObject({ ...matchers, kind: z.literal("stall") }),
  z.strictObject({
    ...matchers,
    kind: z.literal("drip"),
    everyMs: z.number().positive().max(3_600_000).default(100),
  }),
  z.strictObject({
    ...matchers,
    kind: z.literal("truncate"),
    /** Half of the body and then a closed connection, or half of it as if it were whole. */
    variant: z.enum(["connection", "body"]).default("connection"),
  }),
]);

export type Fault = z.output<typeof faultSchema>;
/** A fault as a scenario writes it, defaults left out. */
export type FaultInput = z.input<typeof faultSchema>;
export type FaultKind = Fault["kind"];
