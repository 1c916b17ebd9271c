import type { TokenUsage } from "../vocabulary/usage.ts";

/** US dollars for a million tokens, at the standard tier. */
export interface ModelPrice {
  readonly input: number;
  /** Input read from the prompt cache; the price of input where the model has no discount. */
  readonly cachedInput: number;
  /** Input written to the prompt cache; the price of input where that costs nothing extra. */
  readonly cacheWrite: number;
  readonly output: number;
  /** True when a prompt above `LONG_CONTEXT_TOKENS` makes the whole call dearer. */
  readonly longContextSurcharge: boolean;
}

/** Beyond this many input tokens a call costs twice its input and one and a half times its output. */
const LONG_CONTEXT_TOKENS = 272_000;

/**
 * OpenAI's prices of chat models as reported in November 2026. They change: compare with
 * https://developers.openai.com/api/docs/pricing and update. Where a price is a promotion that may
 * have ended (gpt-5.6-sol), the regular one is here, so that a budget is kept either way.
 */
const PRICES: ReadonlyMap<string, ModelPrice> = new Map([
  ["gpt-6.1-sol", withPaidCacheWrites(2, 0.1, 10)],
  ["gpt-6.1-terra", withPaidCacheWrites(1, 0.05, 5)],
  ["gpt-6-astra", withPaidCacheWrites(10, 1, 50)],
  ["gpt-6-sol", withPaidCacheWrites(2, 0.2, 10)],
  ["gpt-6-luna", withPaidCacheWrites(0.1, 0.01, 0.5)],
  ["gpt-5.6-sol", withPaidCacheWrites(5, 0.5, 30)],
  ["gpt-5.6-terra", withPaidCacheWrites(2, 0.2, 12)],
  ["gpt-5.6-luna", withPaidCacheWrites(0.2, 0.02, 1.2)],
  ["gpt-5.5", withLongContextSurcharge(5, 0.5, 30)],
  ["gpt-5.4", withLongContextSurcharge(2.5, 0.25, 15)],
  ["gpt-5.4-mini", flat(0.75, 0.075, 4.5)],
  ["gpt-5.4-nano", flat(0.2, 0.02, 1.25)],
  ["gpt-5.3-chat-latest", flat(1.75, 0.175, 14)],
  ["gpt-5.2", flat(1.75, 0.175, 14)],
  ["gpt-5.2-chat-latest", flat(1.75, 0.175, 14)],
  ["gpt-5.1", flat(1.25, 0.125, 10)],
  ["gpt-5.1-chat-latest", flat(1.25, 0.125, 10)],
  ["gpt-5", flat(1.25, 0.125, 10)],
  ["gpt-5-chat-latest", flat(1.25, 0.125, 10)],
  ["gpt-5-mini", flat(0.25, 0.025, 2)],
  ["gpt-5-nano", flat(0.05, 0.005, 0.4)],
  ["gpt-4.1", flat(2, 0.5, 8)],
  ["gpt-4.1-mini", flat(0.4, 0.1, 1.6)],
  ["gpt-4.1-nano", flat(0.1, 0.025, 0.4)],
  ["gpt-4o", flat(2.5, 1.25, 10)],
  ["gpt-4o-2024-05-13", flat(5, 5, 15)],
  ["gpt-4o-mini", flat(0.15, 0.075, 0.6)],
  ["gpt-4-turbo", flat(10, 10, 30)],
  ["gpt-4", flat(30, 30, 60)],
  ["gpt-3.5-turbo", flat(0.5, 0.5, 1.5)],
  ["o4-mini", flat(1.1, 0.275, 4.4)],
  ["o3", flat(2, 0.5, 8)],
  ["o3-mini", flat(1.1, 0.55, 4.4)],
  ["o1", flat(15, 7.5, 60)],
]);

function flat(input: number, cachedInput: number, output: number): ModelPrice {
  return { input, cachedInput, cacheWrite: input, output, longContextSurcharge: false };
}

function withLongContextSurcharge(input: number, cachedInput: number, output: number): ModelPrice {
  return { ...flat(input, cachedInput, output), longContextSurcharge: true };
}

/** From the GPT-5.6 family on, input costs a quarter more when it is written to the prompt cache. */
function withPaidCacheWrites(input: number, cachedInput: number, output: number): ModelPrice {
  const price = withLongContextSurcharge(input, cachedInput, output);
  return { ...price, cacheWrite: input * 1.25 };
}

const SNAPSHOT_DATE = /-\d{4}-\d{2}-\d{2}$/;

/** The price of a model, or of the family that a dated snapshot belongs to; undefined if unknown. */
export function findPrice(model: string): ModelPrice | undefined {
  return PRICES.get(model) ?? PRICES.get(model.replace(SNAPSHOT_DATE, ""));
}

/** What a call cost, in US dollars. */
export function costOfUsage(price: ModelPrice, usage: TokenUsage): number {
  const { inputTokens, cachedInputTokens, cacheWriteTokens = 0, outputTokens } = usage;
  const plainInputTokens = inputTokens - cachedInputTokens - cacheWriteTokens;
  const input =
    plainInputTokens * price.input +
    cachedInputTokens * price.cachedInput +
    cacheWriteTokens * price.cacheWrite;
  return addUp(price, inputTokens, input, outputTokens * price.output);
}

/** The most that a call can cost, in US dollars: nothing read from the cache, all output used. */
export function worstCaseCost(
  price: ModelPrice,
  inputTokens: number,
  maxOutputTokens: number,
): number {
  return addUp(price, inputTokens, inputTokens * price.cacheWrite, maxOutputTokens * price.output);
}

function addUp(price: ModelPrice, inputTokens: number, input: number, output: number): number {
  const isLong = price.longContextSurcharge && inputTokens > LONG_CONTEXT_TOKENS;
  return (isLong ? input * 2 + output * 1.5 : input + output) / 1_000_000;
}
