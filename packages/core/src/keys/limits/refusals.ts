import type { LaneState } from "./lane-state.ts";
import {
  LIMIT_REFUSALS,
  LIMIT_SHARE,
  REFUSAL_MEMORY,
  SUSPECT_REFUSALS,
  SUSPECT_SHARE,
} from "./pacing.ts";

/** What refusals of late are evidence of. */
export type RefusalVerdict = "shed-load" | "suspect" | "limit";

/**
 * Weighs refusals of which nothing says why. A server that sheds load turns away some calls among
 * many; one whose limit is reached turns away most. Counted by sends, not by answers, which may take
 * a hundred times as long as a refusal does.
 */
export class Refusals {
  readonly #state: LaneState["refusals"];

  /** @param state is changed in place */
  constructor(state: LaneState["refusals"]) {
    this.#state = state;
  }

  onSend(): void {
    const state = this.#state;
    const kept = 1 - 1 / REFUSAL_MEMORY;
    state.refused *= kept;
    state.sent = state.sent * kept + 1;
  }

  onRefusal(): RefusalVerdict {
    const state = this.#state;
    state.refused += 1;
    const share = state.refused / Math.max(1, state.sent);
    if (state.refused >= LIMIT_REFUSALS && share >= LIMIT_SHARE) return "limit";
    if (state.refused >= SUSPECT_REFUSALS && share >= SUSPECT_SHARE) return "suspect";
    return "shed-load";
  }

  /** What was counted has led to a hold; what comes after it is another story. */
  forget(): void {
    this.#state.sent = 0;
    this.#state.refused = 0;
  }
}
