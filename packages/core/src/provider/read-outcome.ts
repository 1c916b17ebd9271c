import { z } from "zod";
import { CALL_ERROR_CODES, FAILURE_CLASSES, type SendOutcome } from "../vocabulary/provider.ts";
import { withoutAnswer } from "./failure/without-answer.ts";

const count = z.number().int().nonnegative();
const text = z.string({ error: "is no text" });

/** What has not the form that it should have is as good as not said. */
function ifSound<Value>(schema: z.ZodType<Value>) {
  return schema
    .optional()
    .catch(undefined)
    .transform((value) => value);
}

const figure = ifSound(z.number().nonnegative());

const usage = ifSound(
  z
    .object({
      inputTokens: count,
      cachedInputTokens: count.catch(0),
      cacheWriteTokens: ifSound(count),
      outputTokens: count,
    })
    // The parts of the input cannot be more than the whole.
    .refine((is) => is.cachedInputTokens + (is.cacheWriteTokens ?? 0) <= is.inputTokens),
);

const rateLimitWindow = ifSound(z.object({ limit: figure, remaining: figure, resetMs: figure }));
const rateLimit = ifSound(z.object({ requests: rateLimitWindow, tokens: rateLimitWindow }));

const replied = z.object({
  kind: z.literal("replied"),
  reply: z.object({
    text: text.regex(/\S/, { error: "is empty" }),
    finishReason: z.string().catch(""),
    usage,
  }),
  rateLimit,
});

const failed = z.object({
  kind: z.literal("failed"),
  failure: z.object({
    class: z.enum(FAILURE_CLASSES, { error: "is no class of failures" }),
    code: z.enum(CALL_ERROR_CODES, { error: "is no code of a failed call" }),
    message: text,
    status: figure,
    providerCode: ifSound(text),
    requestId: ifSound(text),
    retryAfterMs: figure,
    mayHaveBeenProcessed: z.boolean().catch(true),
    paid: ifSound(z.object({ text, usage })),
  }),
  rateLimit,
});

const outcome = z.discriminatedUnion("kind", [replied, failed], {
  error: 'is neither "replied" nor "failed"',
});

/**
 * What a provider of somebody else answered → an outcome. What has not the form of one fails its
 * call, and no other: it may be one odd reply that the provider did not look at.
 */
export function readOutcome(answer: unknown): SendOutcome {
  const { success, data, error } = outcome.safeParse(answer);
  if (success) return data;
  const [issue] = error.issues;
  const place = issue && issue.path.length > 0 ? `"${issue.path.join(".")}" of its` : "its";
  return {
    kind: "failed",
    failure: withoutAnswer(
      "caller-fault",
      "malformed-reply",
      `the provider that was handed in does not keep to its port: ${place} answer ${issue?.message ?? "is no outcome"}`,
      true,
    ),
    rateLimit: undefined,
  };
}
