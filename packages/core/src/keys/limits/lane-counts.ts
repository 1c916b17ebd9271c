import type { LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type { RateLimits } from "../../vocabulary/named-key.ts";
import type { RateLimitReport, RateLimitWindow } from "../../vocabulary/provider.ts";
import type { Random } from "../../vocabulary/random.ts";
import { readLimits, tightenLimits } from "./adopt-limits.ts";
import { Holds } from "./holds.ts";
import type { LaneState } from "./lane-state.ts";
import {
  beginRequests,
  beginTokens,
  Meter,
  type MeterMark,
  ruleRequests,
  ruleTokens,
} from "./meter.ts";
import { Pace } from "./pace.ts";
import { LOAD_MS, NEAR_LIMIT_SHARE, SUSPECT_PAUSE_MS } from "./pacing.ts";
import { Ramp } from "./ramp.ts";
import { ToldLimits } from "./told-limits.ts";
import { Refusals, type RefusalVerdict } from "./refusals.ts";

/** What is remembered of a call in flight. */
export interface LaneMark {
  readonly charge: number;
  readonly request: MeterMark | undefined;
  readonly tokens: MeterMark | undefined;
  /** Holds that the lane had had when the call was sent. */
  readonly holds: number;
}

/**
 * What is counted of a lane, and the rules of counting. Every adapter of the port uses it; they
 * differ in where the state lives.
 *
 *     open ──a limit was met──▶ held until a time ──▶ probing (one in flight) ──▶ opening ──▶ open
 *
 * A throttle means that a limit was met when the counts agree, the server's or those here, or when
 * most of what is sent is refused. Any other is load that the server sheds: the one call waits for
 * as long as it was told, and the lane does not.
 *
 * Three things gate a call: the hold, the places in flight (configured, and of the ramp), and the
 * meters. All three must hold at one instant, and a queue of its own for one of them would decide
 * before the others are known.
 */
export class LaneCounts {
  /** Calls in flight, of all who use the lane. Whoever ends one counts it down. */
  inFlight = 0;
  /** Share of the pace that is used, whatever throttles say. */
  readonly #paceShare: number;
  readonly #state: LaneState;
  readonly #pace: Pace;
  readonly #ramp: Ramp;
  readonly #refusals: Refusals;
  readonly #holds: Holds;
  readonly #told: ToldLimits;
  #requests: Meter | undefined;
  #tokens: Meter | undefined;

  /** @param state is changed in place */
  constructor(state: LaneState, paceShare = 1) {
    this.#state = state;
    this.#paceShare = paceShare;
    this.#pace = new Pace(state.pace);
    this.#ramp = new Ramp(state.ramp);
    this.#refusals = new Refusals(state.refusals);
    this.#holds = new Holds(state);
    this.#told = new ToldLimits(state.told);
    this.#useMeters();
  }

  get state(): LaneState {
    return this.#state;
  }

  /** Calls that may be in flight at one time. */
  placesAt(now: number): number {
    return Math.min(this.#state.limits.concurrency ?? Infinity, this.#ramp.windowAt(now));
  }

  /** False for a charge that no wait could make room for. */
  canEver(charge: number): boolean {
    const { tokensPerMinute: granted = Infinity } = this.#state.granted;
    return charge <= granted && !(this.#told.areTokensConfirmed && this.#tokens?.isBeyond(charge));
  }

  /** The earliest time for a call of this charge; never, while all places are taken for good. */
  readyAt(charge: number, now: number): number {
    if (this.inFlight >= (this.#state.limits.concurrency ?? Infinity)) return Infinity;
    const openAt = Math.max(this.#holds.until, this.#ramp.readyAt(this.inFlight + 1));
    if (!this.#requests && !this.#tokens) return Math.max(openAt, now);
    const pace = this.#pace.at(now) * this.#paceShare;
    this.#requests?.setPace(pace, now);
    this.#tokens?.setPace(pace, now);
    return Math.max(
      openAt,
      this.#requests?.readyAt(1, now) ?? now,
      this.#tokens?.readyAt(charge, now) ?? now,
    );
  }

  /** Free share of the tightest count, 0 to 1; 1 when nothing is limited. */
  slack(now: number): number {
    return Math.min(this.#requests?.slack(now) ?? 1, this.#tokens?.slack(now) ?? 1);
  }

  /** Share of the granted requests that was sent of late, 0 to 1; undefined while no limit is known. */
  load(now: number): number | undefined {
    const { requestsPerMinute } = this.#state.limits;
    if (requestsPerMinute === undefined) return undefined;
    const granted = (requestsPerMinute / 60_000) * LOAD_MS;
    return Math.min(1, this.#fadedSends(now) / granted);
  }

  /** How long the tightest limit takes to grant a call of this charge, in milliseconds. */
  costMs(charge: number): number {
    const { requestsPerMinute = Infinity, tokensPerMinute = Infinity } = this.#state.limits;
    return Math.max(60_000 / requestsPerMinute, (charge * 60_000) / tokensPerMinute);
  }

  /** Takes a place, one request and the charge. To be called only when `readyAt` says now. */
  take(charge: number, now: number): LaneMark {
    this.#ramp.onSend(this.inFlight, now);
    this.inFlight += 1;
    this.#state.recentSends = this.#fadedSends(now) + 1;
    this.#state.sentAt = now;
    this.#refusals.onSend();
    return {
      charge,
      request: this.#requests?.reserve(1, now),
      tokens: this.#tokens?.reserve(charge, now),
      holds: this.#holds.count,
    };
  }

  /** Draws the consequences of what came of a call, which is not in flight any more. */
  settle(mark: LaneMark, outcome: LeaseOutcome, now: number, random: Random): void {
    switch (outcome.kind) {
      case "succeeded":
        this.#onAnswer(mark, now);
        // A server that reports its counts is believed; for others, usage is the best that is known.
        if (outcome.usage && !outcome.rateLimit?.tokens) {
          const { inputTokens, outputTokens } = outcome.usage;
          this.#tokens?.giveBack(mark.charge - inputTokens - outputTokens, now);
        }
        break;
      case "throttled":
        this.#onThrottle(mark, outcome, now, random);
        break;
      case "transient":
      case "caller-fault":
        this.#onAnswer(mark, now);
        break;
      case "abandoned":
        if (outcome.sent) return;
        if (mark.request) this.#requests?.cancel(mark.request, now);
        if (mark.tokens) this.#tokens?.cancel(mark.tokens, now);
        return;
      case "key-rejected":
      case "no-service":
        return;
    }
    if (outcome.rateLimit) this.#reconcile(mark, outcome.rateLimit, now);
  }

  /** Keeps these limits too, from now on. */
  tighten(limits: RateLimits, now: number): void {
    this.#state.granted = tightenLimits(this.#state.granted, limits);
    this.#useLimits(now);
  }

  #useLimits(now: number): void {
    const state = this.#state;
    const { requestsPerMinute, tokensPerMinute } = (state.limits = tightenLimits(
      state.granted,
      this.#told.limits,
    ));
    if (requestsPerMinute !== undefined && requestsPerMinute !== state.requests?.perMinute) {
      const generation = (state.requests?.generation ?? 0) + 1;
      state.requests = beginRequests(requestsPerMinute, now, generation);
    }
    if (tokensPerMinute !== undefined && tokensPerMinute !== state.tokens?.perMinute) {
      const generation = (state.tokens?.generation ?? 0) + 1;
      state.tokens = beginTokens(tokensPerMinute, now, generation);
    }
    this.#useMeters();
    if (this.#requests || this.#tokens) this.#ramp.end();
  }

  #useMeters(): void {
    const { requests, tokens } = this.#state;
    if (requests && this.#requests?.state !== requests) {
      this.#requests = new Meter(requests, ruleRequests(requests.perMinute));
    }
    if (tokens && this.#tokens?.state !== tokens) {
      this.#tokens = new Meter(tokens, ruleTokens(tokens.perMinute));
    }
  }

  /** Compares what was expected with what the answer reports. */
  #reconcile(mark: LaneMark, report: RateLimitReport, now: number): void {
    const { requests, tokens } = this.#state;
    this.#told.hear(readLimits(report));
    this.#useLimits(now);
    if (requests !== this.#state.requests || tokens !== this.#state.tokens) return;
    const told = this.#told.limits;
    if (mark.request && !contradicts(report.requests, told.requestsPerMinute)) {
      this.#requests?.reconcile(mark.request, report.requests?.remaining, now);
    }
    if (mark.tokens && !contradicts(report.tokens, told.tokensPerMinute)) {
      this.#tokens?.reconcile(mark.tokens, report.tokens?.remaining, now);
    }
  }

  /** An answer that is no throttle. Of a call sent before the last hold, it says nothing. */
  #onAnswer({ holds }: LaneMark, now: number): void {
    if (holds !== this.#holds.count) return;
    this.#holds.onAnswer();
    this.#ramp.onAnswer(now);
  }

  #onThrottle(mark: LaneMark, throttle: Throttle, now: number, random: Random): void {
    const { reason, retryAfterMs, rateLimit } = throttle;
    // Where the answer tells its counts, they correct ours.
    if (!tellsCounts(rateLimit)) this.#tokens?.giveBack(mark.charge, now);
    // One that was on its way when the hold began is of the same occasion: it tells how long at most.
    if (mark.holds !== this.#holds.count) {
      if (retryAfterMs !== undefined) this.#holds.extend(retryAfterMs, now, random);
      return;
    }
    switch (this.#weigh(mark, throttle, now)) {
      case "limit":
        this.#hold(retryAfterMs, now, random);
        if (reason === "ramp-too-steep" || !tellsCounts(rateLimit)) this.#pace.cut(reason, now);
        break;
      case "suspect":
        this.#ramp.pause(this.inFlight, now + SUSPECT_PAUSE_MS, now);
        break;
      case "shed-load":
        break;
    }
  }

  /** What a throttle is evidence of. */
  #weigh({ charge }: LaneMark, { reason, rateLimit }: Throttle, now: number): RefusalVerdict {
    const byNumber = this.#refusals.onRefusal();
    const isUsedUp =
      isBelow(rateLimit?.requests?.remaining, 1) || isBelow(rateLimit?.tokens?.remaining, charge);
    const isSure = reason === "ramp-too-steep" || isUsedUp || this.#ramp.isProbing;
    return isSure || this.#isNearLimit(now) ? "limit" : byNumber;
  }

  #isNearLimit(now: number): boolean {
    const tokensUsed = 1 - (this.#tokens?.slack(now) ?? 1);
    return Math.max(this.load(now) ?? 0, tokensUsed) >= NEAR_LIMIT_SHARE;
  }

  #hold(retryAfterMs: number | undefined, now: number, random: Random): void {
    this.#holds.begin(retryAfterMs, now, random);
    this.#ramp.restart(this.#requests || this.#tokens ? undefined : this.inFlight);
    this.#refusals.forget();
  }

  #fadedSends(now: number): number {
    return this.#state.recentSends * Math.exp((this.#state.sentAt - now) / LOAD_MS);
  }
}

type Throttle = Extract<LeaseOutcome, { readonly kind: "throttled" }>;

function isBelow(remaining: number | undefined, needed: number): boolean {
  return remaining !== undefined && remaining < needed;
}

/** What remains of another limit than that of all answers before says nothing. */
function contradicts(window: RateLimitWindow | undefined, told: number | undefined): boolean {
  return window?.limit !== undefined && told !== undefined && window.limit !== told;
}

function tellsCounts(report: RateLimitReport | undefined): boolean {
  return report?.requests?.remaining !== undefined || report?.tokens?.remaining !== undefined;
}
