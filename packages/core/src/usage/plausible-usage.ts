import type { ModelRequest } from "../vocabulary/model-request.ts";
import type { TokenUsage } from "../vocabulary/usage.ts";
import { boundInputTokens } from "./estimate-tokens.ts";

/** What a server may add to a prompt by itself: instructions, tools, a safety text. Tokens. */
const MAX_ADDED_INPUT = 20_000;
/** What a model may think beyond its text, where nothing bounds it or the bound is ignored. Tokens. */
const MAX_REASONING = 200_000;

/** False for usage that this request and this reply cannot have taken: such a report is not believed. */
export function isPlausibleUsage(
  { inputTokens, outputTokens }: TokenUsage,
  request: ModelRequest,
  text: string,
): boolean {
  // Nearly all calls: nothing need be counted.
  if (inputTokens <= MAX_ADDED_INPUT && outputTokens <= MAX_REASONING) return true;
  const mostOutput = Math.max(request.maxOutputTokens ?? 0, Buffer.byteLength(text));
  return (
    inputTokens <= boundInputTokens(request) + MAX_ADDED_INPUT &&
    outputTokens <= mostOutput + MAX_REASONING
  );
}
