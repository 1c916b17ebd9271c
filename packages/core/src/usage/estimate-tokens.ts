import type { ChatMessage } from "../vocabulary/model-request.ts";

/** Foretells how many input tokens a call will be charged, the better the more calls it has seen. */
export interface TokenEstimator {
  /** @param step calls of one step resemble each other, so each step is learned by itself */
  estimate(step: string, messages: readonly ChatMessage[]): number;
  /** @param inputTokens what the provider counted for these messages */
  learn(step: string, messages: readonly ChatMessage[], inputTokens: number): void;
}

/** Role and separators: 3 to 4 tokens a message; the beginning of the reply: 3. */
const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_CALL = 3;

/**
 * Before anything is known of a step: English has 4 to 5 bytes a token, code and Japanese about 3.
 * Counting characters instead of bytes would be off by two thirds on Japanese.
 */
const FIRST_TOKENS_PER_BYTE = 1 / 3;

/** Mean and spread follow new calls as round-trip times do in RFC 6298, and are used likewise. */
const MEAN_GAIN = 1 / 8;
const SPREAD_GAIN = 1 / 4;
const SPREADS_ABOVE_MEAN = 4;

interface Learned {
  meanTokensPerByte: number;
  spread: number;
}

/**
 * Estimates by UTF-8 bytes, without a tokenizer: by the mean tokens a byte of the step's calls so far,
 * plus a margin that grows with their spread, so that a reservation rarely falls short. It never
 * exceeds a token a byte, which is the most that a byte-pair encoding can make.
 */
export function createTokenEstimator(): TokenEstimator {
  const learned = new Map<string, Learned>();
  return {
    estimate(step, messages) {
      const bytes = countBytes(messages);
      const known = learned.get(step);
      const tokensPerByte = known
        ? known.meanTokensPerByte + SPREADS_ABOVE_MEAN * known.spread
        : FIRST_TOKENS_PER_BYTE;
      return Math.ceil(bytes * Math.min(1, tokensPerByte)) + countFraming(messages);
    },
    learn(step, messages, inputTokens) {
      const bytes = countBytes(messages);
      if (bytes === 0) return;
      const tokensPerByte = Math.max(0, inputTokens - countFraming(messages)) / bytes;
      const known = learned.get(step);
      if (known) follow(known, tokensPerByte);
      else learned.set(step, { meanTokensPerByte: tokensPerByte, spread: tokensPerByte / 2 });
    },
  };
}

function follow(known: Learned, tokensPerByte: number): void {
  const difference = tokensPerByte - known.meanTokensPerByte;
  known.spread += SPREAD_GAIN * (Math.abs(difference) - known.spread);
  known.meanTokensPerByte += MEAN_GAIN * difference;
}

function countFraming(messages: readonly ChatMessage[]): number {
  return TOKENS_PER_CALL + TOKENS_PER_MESSAGE * messages.length;
}

function countBytes(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
}
