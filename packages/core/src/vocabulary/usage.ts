/** Tokens of one call or of many, as the provider counted them. */
export interface TokenUsage {
  readonly inputTokens: number;
  /** The part of `inputTokens` that was read from the prompt cache. */
  readonly cachedInputTokens: number;
  /** The part of `inputTokens` that was written to the prompt cache, where the provider says so. */
  readonly cacheWriteTokens?: number | undefined;
  readonly outputTokens: number;
}
