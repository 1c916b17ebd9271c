import type { LimitGroupSettings } from "../scenario/limit-group-schema.ts";
import { RateWindow, type RateRefusal } from "./rate-window.ts";

export type LimitRefusal = RateRefusal | { readonly limit: "concurrency" };

export interface Admission {
  /** Undefined when the request was admitted: then `leave` must follow exactly once. */
  readonly refusal: LimitRefusal | undefined;
  /** `x-ratelimit-*` right after the charge, as flat name–value pairs. */
  readonly headers: readonly string[];
}

/** What requests are counted against: a rate window for each model, and a cap on those in flight. */
export class LimitGroup {
  readonly tokenCharge: "sum" | "larger";
  readonly #concurrency: number;
  readonly #shared: RateWindow;
  readonly #byModel: ReadonlyMap<string, RateWindow>;
  #inFlight = 0;

  constructor(settings: LimitGroupSettings, nowMs: number) {
    const { models, concurrency, tokenCharge, ...limits } = settings;
    this.tokenCharge = tokenCharge;
    this.#concurrency = concurrency ?? Infinity;
    this.#shared = new RateWindow(limits, nowMs);
    this.#byModel = new Map(
      Object.entries(models).map(([model, own]) => [
        model,
        new RateWindow(
          { ...limits, requestsPerMinute: undefined, tokensPerMinute: undefined, ...own },
          nowMs,
        ),
      ]),
    );
  }

  admit(model: string, tokens: number, nowMs: number): Admission {
    const window = this.#byModel.get(model) ?? this.#shared;
    const refusal = this.#enter(window, tokens, nowMs);
    return { refusal, headers: window.headers(nowMs) };
  }

  /** Gives back the place in flight of an admitted request. */
  leave(): void {
    this.#inFlight -= 1;
  }

  #enter(window: RateWindow, tokens: number, nowMs: number): LimitRefusal | undefined {
    if (this.#inFlight >= this.#concurrency) {
      window.penalize(nowMs);
      return { limit: "concurrency" };
    }
    const refusal = window.charge(tokens, nowMs);
    if (!refusal) this.#inFlight += 1;
    return refusal;
  }
}
