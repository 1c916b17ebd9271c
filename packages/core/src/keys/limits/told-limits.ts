import type { RateLimits } from "../../vocabulary/named-key.ts";
import type { LaneState } from "./lane-state.ts";
import { TOLD_CONFIRMED, TOLD_DOUBTED } from "./pacing.ts";

type Told = NonNullable<LaneState["told"]["requests"]>;

/**
 * The limits that answers report. One answer among many can be wrong: a limit is changed when some
 * answers on end contradict it, and nothing is refused for good by one that was told only once.
 */
export class ToldLimits {
  readonly #state: LaneState["told"];

  /** @param state is changed in place */
  constructor(state: LaneState["told"]) {
    this.#state = state;
  }

  get limits(): RateLimits {
    const { requests, tokens } = this.#state;
    return { requestsPerMinute: requests?.limit, tokensPerMinute: tokens?.limit };
  }

  /** True when the limit of tokens was told often enough to refuse what is above it. */
  get areTokensConfirmed(): boolean {
    return (this.#state.tokens?.times ?? 0) >= TOLD_CONFIRMED;
  }

  hear({ requestsPerMinute, tokensPerMinute }: RateLimits): void {
    this.#state.requests = weigh(this.#state.requests, requestsPerMinute);
    this.#state.tokens = weigh(this.#state.tokens, tokensPerMinute);
  }
}

function weigh(told: Told | undefined, limit: number | undefined): Told | undefined {
  if (limit === undefined) return told;
  if (!told) return { limit, times: 1, doubts: 0 };
  if (limit === told.limit) return { limit, times: told.times + 1, doubts: 0 };
  if (told.doubts + 1 >= TOLD_DOUBTED) return { limit, times: 1, doubts: 0 };
  return { ...told, doubts: told.doubts + 1 };
}
