import { createRandom, drawLognormal, type Random } from "../random.ts";
import type { Fault } from "../scenario/fault-schema.ts";
import type { Scenario } from "../scenario/scenario-schema.ts";
import { invalidRequest } from "./api-error.ts";
import { countMessageTokens, countPromptTokens, type ChatRequest } from "./chat-request.ts";
import { composeLabel, composeText } from "./compose-text.ts";
import { sampleSchema } from "./sample-schema.ts";
import { UnsupportedSchemaError } from "./schema-node.ts";
import { countTokens, cutToTokens } from "./token-count.ts";

/** Prompts are cached from this length on, in steps. */
const MIN_CACHED_TOKENS = 1_024;
const CACHE_STEP_TOKENS = 128;

/** Keeps the draws of replies apart from those of latencies and faults. */
const REPLY_DRAW = 1;

export interface Completion {
  readonly content: string | null;
  readonly refusal: string | null;
  readonly finishReason: "stop" | "length" | "content_filter";
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/**
 * The simulated answer. It depends only on the seed and on what was asked.
 * @param fault may cut the answer short or replace it.
 * @throws ApiError when the reply's schema is one that cannot be answered.
 */
export function composeCompletion(
  request: ChatRequest,
  content: number,
  scenario: Pick<Scenario, "seed" | "output">,
  fault?: Fault,
): Completion {
  const random = createRandom(scenario.seed, REPLY_DRAW, content);
  const prompt = {
    promptTokens: countPromptTokens(request.messages),
    cachedTokens: countCachedTokens(request),
  };
  if (fault?.kind === "content-filter" && fault.variant === "refusal") {
    const refusal = "I'm sorry, but I cannot help with that.";
    const outputTokens = countTokens(refusal);
    return { ...prompt, content: null, refusal, finishReason: "stop", outputTokens };
  }
  const whole = composeContent(request, scenario.output, random);
  const wholeTokens = countTokens(whole);
  const isHalved = fault?.kind === "length" || fault?.kind === "content-filter";
  const cap = isHalved ? Math.ceil(wholeTokens / 2) : (request.outputCap ?? Infinity);
  const text = wholeTokens > cap ? cutToTokens(whole, cap) : whole;
  const cutReason = fault?.kind === "content-filter" ? "content_filter" : "length";
  return {
    ...prompt,
    content: text,
    refusal: null,
    finishReason: isHalved || wholeTokens > cap ? cutReason : "stop",
    outputTokens: Math.min(wholeTokens, cap),
  };
}

function composeContent(request: ChatRequest, output: Scenario["output"], random: Random): string {
  const { format } = request;
  switch (format.kind) {
    case "text":
      return composeText(random, drawLognormal(random, output.medianTokens, output.sigma) * 4);
    case "json-object":
      return JSON.stringify({ topic: composeLabel(random), answer: composeText(random, 0) });
    case "json-schema":
      return JSON.stringify(sampleForReply(format.schema, random));
    default:
      return format satisfies never;
  }
}

function sampleForReply(schema: unknown, random: Random): unknown {
  try {
    return sampleSchema(schema, random);
  } catch (error) {
    if (!(error instanceof UnsupportedSchemaError)) throw error;
    throw invalidRequest(`Invalid schema for response_format: ${error.message}.`, {
      code: "invalid_json_schema",
      param: "response_format",
    });
  }
}

/** A long system prompt counts as cached: it is what many calls share. */
function countCachedTokens({ messages }: ChatRequest): number {
  const [first] = messages;
  if (!first || (first.role !== "system" && first.role !== "developer")) return 0;
  const tokens = countMessageTokens(first);
  if (tokens < MIN_CACHED_TOKENS) return 0;
  return Math.floor(tokens / CACHE_STEP_TOKENS) * CACHE_STEP_TOKENS;
}
