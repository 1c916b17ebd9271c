import { ModelledServer } from "../../bench/ring/modelled-server.ts";
import { costOfUsage, findPrice } from "../../src/usage/prices.ts";
import type { ModelRequest } from "../../src/vocabulary/model-request.ts";
import type { RateLimitReport, SendOutcome } from "../../src/vocabulary/provider.ts";
import type { TokenUsage } from "../../src/vocabulary/usage.ts";
import { failure } from "../modelled-provider.ts";
import type { Chance } from "./chance.ts";
import { CALL_TIMEOUT_MS, MAX_OUTPUT_TOKENS } from "./draw-trial.ts";
import { foretellReply, lot } from "./foretell-reply.ts";
import type { SendEnd } from "./send-log.ts";
import { MODEL } from "./trial-pipeline.ts";
import type { LifePlan, ServerMoods, Trial } from "./trial.ts";

/** What the server does with one request: how long it takes, what the client is told, what is true. */
export interface Treatment {
  readonly latencyMs: number;
  readonly outcome: SendOutcome;
  readonly end: SendEnd;
}

const NO_COST = 0;
/** Retry-After as no server should send it. Milliseconds. */
const ODD_WAITS = [undefined, 0, -5_000, 1, 600_000];

/** Limits, moods and bad days of the other side. It outlives the processes that call it. */
export class SimulatedServer {
  readonly #groups: ReadonlyMap<string, ModelledServer>;
  readonly #keyGroups: ReadonlyMap<string, string>;
  readonly #granted: Trial["granted"];
  readonly #moods: ServerMoods;
  readonly #chance: Chance;

  constructor({ granted, keys, moods }: Trial, chance: Chance) {
    this.#groups = new Map(
      [...granted].map(([name, limits]) => [name, new ModelledServer(limits)]),
    );
    this.#keyGroups = new Map(keys.map(({ name, group }) => [name, group]));
    this.#granted = granted;
    this.#moods = moods;
    this.#chance = chance;
  }

  /** @param elapsedMs since the life began that sends it */
  treat(
    request: ModelRequest,
    key: string,
    { plan, now, elapsedMs }: { plan: LifePlan; now: number; elapsedMs: number },
  ): Treatment {
    const prompt = request.messages.at(-1)?.content ?? "";
    const group = this.#keyGroups.get(key) ?? "";
    const isNow = ({ from, to }: { from: number; to: number }) =>
      elapsedMs >= from && elapsedMs < to;
    const trouble = plan.troubles.find((one) => one.key === key && isNow(one));
    if (trouble) return turnAway(trouble.kind);
    const outage = plan.outages.find((one) => one.group === group && isNow(one));
    if (outage?.kind === "refuses") return refuse(5);
    if (outage?.kind === "hangs") return hang();
    if (plan.storms.some((one) => one.group === group && isNow(one))) {
      return throttle(this.#oddWait(), undefined);
    }
    const inputTokens = Math.ceil(prompt.length / 4) + 8;
    const admission = this.#groups.get(group)?.admit(inputTokens + MAX_OUTPUT_TOKENS, now);
    if (!admission) throw new Error(`There is no group ${group}.`);
    const report = this.#tell(admission.report, plan);
    if (admission.kind === "refused") {
      const { retryAfter } = this.#moods;
      // The refused request is counted too, which the model's own figure leaves out.
      const honest = admission.retryAfterMs + this.#msPerRequest(group);
      const wait = { honest, none: undefined, odd: this.#oddWait() };
      return throttle(wait[plan.isCalm ? "honest" : retryAfter], report);
    }
    return this.#answer(request, prompt, { inputTokens, report, plan });
  }

  #answer(
    request: ModelRequest,
    prompt: string,
    {
      inputTokens,
      report: rateLimit,
      plan,
    }: { inputTokens: number; report: RateLimitReport | undefined; plan: LifePlan },
  ): Treatment {
    const moods = this.#moods;
    const chance = this.#chance;
    const latencyMs = chance.between(200, 2_000);
    if (lot(prompt, "wrong") < moods.wrongRequests) {
      const outcome = failure({ class: "caller-fault", code: "invalid-request" });
      return { latencyMs, outcome, end: { kind: "wrong-request", costUsd: NO_COST } };
    }
    const usage = { inputTokens, cachedInputTokens: 0, outputTokens: 20 };
    if (!plan.isCalm) {
      if (chance.happens(moods.transient)) return refuse(latencyMs);
      if (chance.happens(moods.hangs)) return hang();
      if (chance.happens(moods.transientAfterWork)) {
        const outcome = failure({ class: "transient", mayHaveBeenProcessed: true });
        return { latencyMs, outcome, end: { kind: "lost", costUsd: costOf(usage) } };
      }
      if (chance.happens(moods.malformed)) {
        const paid = { text: "half a re", usage };
        const outcome = failure({ class: "transient", code: "malformed-reply", paid });
        return { latencyMs, outcome, end: { kind: "refused", costUsd: NO_COST } };
      }
    }
    const told = plan.isCalm ? usage : this.#tellUsage(usage);
    const hasSchema = request.output.kind === "json-schema";
    const isMisfit = hasSchema && lot(prompt, "misfit") < moods.misfits;
    const text = isMisfit ? misfit(prompt) : foretellReply(prompt, hasSchema);
    const finishReason = isMisfit ? "length" : "stop";
    return {
      latencyMs,
      outcome: {
        kind: "replied",
        reply: { text, finishReason, usage: told },
        rateLimit,
      },
      end: { kind: "replied", costUsd: told ? costOf(told) : NO_COST },
    };
  }

  #tell(report: RateLimitReport, plan: LifePlan): RateLimitReport | undefined {
    const headers = plan.isCalm ? "honest" : this.#moods.headers;
    if (headers === "none") return undefined;
    if (headers === "honest" || this.#chance.happens(0.9)) return report;
    const odd = () => this.#chance.pick(0, 1, 60, 1e9, -1);
    const window = () => ({ limit: odd(), remaining: odd(), resetMs: odd() });
    return { requests: window(), tokens: window() };
  }

  #msPerRequest(group: string): number {
    return 60_000 / (this.#granted.get(group)?.requestsPerMinute ?? 1);
  }

  #oddWait(): number | undefined {
    return this.#chance.pick(undefined, ...ODD_WAITS);
  }

  #tellUsage(usage: TokenUsage): TokenUsage | undefined {
    if (this.#chance.happens(this.#moods.dear))
      return { ...usage, outputTokens: 20 * MAX_OUTPUT_TOKENS };
    if (!this.#chance.happens(this.#moods.oddUsage)) return usage;
    return this.#chance.pick<TokenUsage | undefined>(
      undefined,
      { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
      { ...usage, cachedInputTokens: usage.inputTokens },
    );
  }
}

function costOf(usage: TokenUsage): number {
  const price = findPrice(MODEL);
  if (!price) throw new Error(`There is no price of ${MODEL}.`);
  return costOfUsage(price, usage);
}

/** A reply that no schema takes: cut off, of another type, or with a word that it does not know. */
function misfit(prompt: string): string {
  const kind = lot(prompt, "kind of misfit");
  if (kind < 0.4) return foretellReply(prompt, true).slice(0, 10);
  return kind < 0.7 ? "[]" : '{"mood":"odd","mark":"?"}';
}

function refuse(latencyMs: number): Treatment {
  return {
    latencyMs,
    outcome: failure({ class: "no-service", status: 503 }),
    end: { kind: "refused", costUsd: NO_COST },
  };
}

function hang(): Treatment {
  return {
    latencyMs: CALL_TIMEOUT_MS,
    outcome: failure({ class: "transient", code: "timed-out", mayHaveBeenProcessed: true }),
    end: { kind: "lost", costUsd: NO_COST },
  };
}

function throttle(retryAfterMs: number | undefined, rateLimit: RateLimitReport | undefined) {
  const outcome = { ...failure({ class: "throttled", status: 429, retryAfterMs }), rateLimit };
  return { latencyMs: 20, outcome, end: { kind: "turned-away", costUsd: NO_COST } } as const;
}

function turnAway(failureClass: "key-revoked" | "billing-project"): Treatment {
  return {
    latencyMs: 30,
    outcome: failure({ class: failureClass, status: 401 }),
    end: { kind: "turned-away", costUsd: NO_COST },
  };
}
