import type { OnEvent } from "../../vocabulary/event.ts";
import type { ModelRequest } from "../../vocabulary/model-request.ts";
import type { SendOutcome } from "../../vocabulary/provider.ts";
import { isPlausibleUsage } from "../../usage/plausible-usage.ts";

/** Usage that cannot be is not counted, by nobody: neither limits nor the budget may follow it. */
export class UsageDoubts {
  readonly #onEvent: OnEvent;
  /** Told once, whatever more is reported. */
  #isTold = false;

  constructor(onEvent: OnEvent) {
    this.#onEvent = onEvent;
  }

  /** @returns the outcome, without usage that cannot be */
  weigh(request: ModelRequest, outcome: SendOutcome, key: string): SendOutcome {
    const paid = outcome.kind === "replied" ? outcome.reply : outcome.failure.paid;
    if (!paid?.usage || isPlausibleUsage(paid.usage, request, paid.text)) return outcome;
    const { inputTokens, outputTokens } = paid.usage;
    if (!this.#isTold) {
      const message =
        `A reply on key ${key} reports ${inputTokens} tokens in and ${outputTokens} out, which ` +
        "cannot be: such reports are not believed, and those calls count as of unknown cost.";
      this.#onEvent({ kind: "notice", message });
    }
    this.#isTold = true;
    if (outcome.kind === "replied") {
      return { ...outcome, reply: { ...outcome.reply, usage: undefined } };
    }
    const failure = { ...outcome.failure, paid: { text: paid.text, usage: undefined } };
    return { ...outcome, failure };
  }
}
