import type { ModelRequest } from "../../vocabulary/model-request.ts";
import type { TokenUsage } from "../../vocabulary/usage.ts";
import { boundInputTokens, createTokenEstimator } from "../../usage/estimate-tokens.ts";
import { costOfUsage, findPrice, worstCaseCost, type ModelPrice } from "../../usage/prices.ts";

/** What calls are expected to take, and what they took. */
export class CallCosts {
  readonly #estimator = createTokenEstimator();
  readonly #prices = new Map<string, ModelPrice | undefined>();

  /** What to reserve for a call before it is sent. Without a known price its cost counts as nothing. */
  estimate(step: string, request: ModelRequest): { tokenCharge: number; worstCaseUsd: number } {
    const inputTokens = this.#estimator.estimate(step, request.messages);
    const { maxOutputTokens = 0 } = request;
    const price = this.#priceOf(request.model);
    // An estimate may fall short, and a budget must hold all the same.
    const mostInputTokens = Math.max(inputTokens, boundInputTokens(request));
    return {
      tokenCharge: inputTokens + maxOutputTokens,
      worstCaseUsd: price ? worstCaseCost(price, mostInputTokens, maxOutputTokens) : 0,
    };
  }

  /** In US dollars; undefined when the model's price is not known. */
  costOf(model: string, usage: TokenUsage): number | undefined {
    const price = this.#priceOf(model);
    return price && costOfUsage(price, usage);
  }

  learn(step: string, request: ModelRequest, usage: TokenUsage): void {
    this.#estimator.learn(step, request.messages, usage.inputTokens);
  }

  #priceOf(model: string): ModelPrice | undefined {
    if (!this.#prices.has(model)) this.#prices.set(model, findPrice(model));
    return this.#prices.get(model);
  }
}
