import type { Clock } from "../../vocabulary/clock.ts";
import { sleep } from "../../vocabulary/clock.ts";
import {
  ChargeTooLargeError,
  NoUsableKeyError,
  OutOfServiceError,
  WaitedTooLongError,
} from "../../vocabulary/error.ts";
import type { OnEvent, StopReason } from "../../vocabulary/event.ts";
import type { CallResult, Journal } from "../../vocabulary/journal.ts";
import type { KeyRing, Lease, LeaseOutcome } from "../../vocabulary/key-ring.ts";
import type {
  CallErrorCode,
  Failure,
  Provider,
  Reply,
  SendOutcome,
} from "../../vocabulary/provider.ts";
import type { Random } from "../../vocabulary/random.ts";
import type { TokenUsage } from "../../vocabulary/usage.ts";
import { type Budget, NOTHING_SPENT, type Reservation, type Spending } from "./budget.ts";
import type { CallMaker, PlannedCall } from "./call-maker.ts";
import { AlikeFaults } from "./alike-faults.ts";
import { CallTrials } from "./call-trials.ts";
import type { CallCosts } from "./call-costs.ts";
import { findOutputFault } from "./output-fault.ts";
import { toLeaseOutcome } from "./lease-outcome.ts";
import { UsageDoubts } from "./usage-doubts.ts";
import type { RunControl } from "../run-control.ts";
import type { Tally } from "../tally.ts";

export interface CallSenderParts {
  readonly keyRing: KeyRing;
  readonly provider: Provider;
  readonly journal: Journal;
  readonly costs: CallCosts;
  readonly budget: Budget;
  readonly control: RunControl;
  readonly tally: Tally;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: OnEvent;
}

export interface CallSenderSettings {
  /** Names of the keys that may serve the run; undefined means all. */
  readonly keys: readonly string[] | undefined;
  /** Passing faults that a call may have before it is given up. */
  readonly maxFaults: number;
  readonly callTimeoutMs: number;
  /** True when an earlier process of this run was served: its requests are not all wrong. */
  readonly wasServed: boolean;
}

interface Answer {
  readonly outcome: SendOutcome;
  readonly key: string;
  readonly lease: Lease;
  /** From sending to the last byte. */
  readonly latencyMs: number;
}

/**
 * Makes calls by sending them, and holds the one retry loop of the system.
 *
 *     planned ─▶ budget ─▶ lease ─▶ send recorded ─▶ sent ─▶ answered ─▶ result
 *                  ▲                      │                     │
 *                  ├────── overdrawn ─────┘                     │
 *                  └────────────────── again ───────────────────┘
 *
 * Nothing is sent before its send is durable in the journal.
 */
export class CallSender implements CallMaker {
  readonly #parts: CallSenderParts;
  readonly #settings: CallSenderSettings;
  readonly #alikeFaults: AlikeFaults;
  /** Told once each, however many calls were in flight on them. */
  readonly #rejectedKeys = new Set<string>();
  readonly #usageDoubts: UsageDoubts;

  constructor(parts: CallSenderParts, settings: CallSenderSettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#usageDoubts = new UsageDoubts(parts.onEvent);
    this.#alikeFaults = new AlikeFaults(parts.clock, settings.wasServed);
  }

  async make(call: PlannedCall): Promise<CallResult> {
    try {
      return await this.#makeUntilAnswered(call);
    } catch (error) {
      if (error instanceof ChargeTooLargeError) {
        return toFailedResult("too-large-for-limits", error.message);
      }
      const reason = findStopReason(error);
      if (reason && error instanceof Error) throw this.#parts.control.stop(reason, error.message);
      throw error;
    }
  }

  async #makeUntilAnswered(call: PlannedCall): Promise<CallResult> {
    const { clock, control, journal, random } = this.#parts;
    const { maxFaults } = this.#settings;
    if (call.unanswered >= maxFaults) {
      return toFailedResult("never-answered", `sent ${call.unanswered} times and never answered`);
    }
    const trials = new CallTrials(call.unanswered, { maxFaults, random });
    for (;;) {
      const answer = await this.#sendWithinBudget(call, trials);
      const { outcome, lease } = answer;
      if (outcome.kind === "replied") return this.#readReply(call, outcome.reply, answer);

      const { failure } = outcome;
      const { move, isRefused } = trials.onFailure(failure, lease, clock.now());
      if (isRefused) journal.recordRefusal(call.id);
      if (move.kind === "give-up") {
        if (await this.#alikeFaults.isOfRun(failure, control.finishing)) {
          throw control.stop("refused-alike", describeAlike(failure, lease));
        }
        return this.#giveUp(call, failure, answer);
      }
      if (move.kind === "stop-run") throw control.stop("environment", failure.message);
      if (move.afterMs > 0) await sleep(clock, move.afterMs, { signal: control.finishing });
    }
  }

  async #sendWithinBudget(call: PlannedCall, trials: CallTrials): Promise<Answer> {
    for (;;) {
      const answer = await this.#sendOnReservation(call, trials);
      if (answer) return answer;
    }
  }

  /** @returns undefined when nothing was sent, because others turned out dearer meanwhile */
  async #sendOnReservation(call: PlannedCall, trials: CallTrials): Promise<Answer | undefined> {
    const { budget, control, costs } = this.#parts;
    const { step } = call.id;
    const { tokenCharge, worstCaseUsd } = costs.estimate(step, call.request);
    const reservation = await budget.reserve(step, worstCaseUsd, control.finishing);
    if (!reservation) throw control.stop("budget", budget.describe());
    let isSent = false;
    let spending: Spending | undefined;
    try {
      const lease = await this.#acquire(call, tokenCharge, trials);
      const again = trials.isAgain;
      const onSent = () => void (isSent = true);
      const answer = await this.#sendOn(lease, call, { again, reservation, onSent });
      spending = answer ? this.#spentOn(call, answer.outcome, reservation) : NOTHING_SPENT;
      return answer;
    } finally {
      // From its send until an answer says otherwise a call may have cost all that it can cost.
      const unknown = { spentUsd: 0, possibleUsd: isSent ? reservation.usd : 0 };
      budget.settle(reservation, spending ?? unknown);
      this.#tellUnknownCost(step, spending ?? unknown);
    }
  }

  #acquire(call: PlannedCall, tokenCharge: number, { demand }: CallTrials): Promise<Lease> {
    return this.#parts.keyRing.acquire({
      model: call.request.model,
      keys: this.#settings.keys,
      tokenCharge,
      ...demand,
      signal: this.#parts.control.finishing,
    });
  }

  async #sendOn(
    lease: Lease,
    call: PlannedCall,
    options: { again: boolean; reservation: Reservation; onSent: () => void },
  ): Promise<Answer | undefined> {
    const { again, reservation, onSent } = options;
    const { budget, clock, control, journal, onEvent, provider, tally } = this.#parts;
    const { step } = call.id;
    const key = lease.key.name;
    let sentAt: number | undefined;
    let outcome: SendOutcome;
    try {
      await journal.recordSend(call.id, { key, worstCaseUsd: reservation.usd });
      control.finishing.throwIfAborted();
      await this.#alikeFaults.untilOpen(control.finishing);
      // While this one waited for its turn, others may have cost more than was reserved for them.
      if (budget.isOverdrawn) {
        journal.takeBackSend(call.id);
        lease.settle({ kind: "abandoned", sent: false });
        return undefined;
      }
      sentAt = clock.now();
      onSent();
      tally.sent += 1;
      if (again) tally.retried += 1;
      else if (call.unanswered > 0) tally.resent += 1;
      onEvent({ kind: "call-sent", step, key });
      this.#alikeFaults.onSend();
      const answer = await provider.send(call.request, lease.key, {
        timeoutMs: this.#settings.callTimeoutMs,
        signal: control.aborting,
      });
      outcome = this.#usageDoubts.weigh(call.request, answer, key);
    } catch (error) {
      // Stopped between the record and the send: the record must not pass for a send.
      if (sentAt === undefined) journal.takeBackSend(call.id);
      else this.#alikeFaults.onEnd(false);
      lease.settle({ kind: "abandoned", sent: sentAt !== undefined });
      throw error;
    }
    this.#alikeFaults.onEnd(outcome.kind === "replied" || outcome.failure.paid !== undefined);
    const leaseOutcome = toLeaseOutcome(outcome);
    lease.settle(leaseOutcome);
    if (outcome.kind === "failed") this.#tellRefusal(step, key, outcome.failure, leaseOutcome);
    return { outcome, key, lease, latencyMs: clock.now() - sentAt };
  }

  #tellUnknownCost(step: string, { possibleUsd: maxCostUsd }: Spending): void {
    if (maxCostUsd > 0) this.#parts.onEvent({ kind: "cost-unknown", step, maxCostUsd });
  }

  #tellRefusal(step: string, key: string, failure: Failure, outcome: LeaseOutcome): void {
    const { onEvent, tally } = this.#parts;
    const { class: failureClass, message } = failure;
    if (outcome.kind === "throttled") tally.throttled += 1;
    onEvent({ kind: "call-refused", step, key, class: failureClass, message });
    if (outcome.kind !== "key-rejected" || this.#rejectedKeys.has(key)) return;
    this.#rejectedKeys.add(key);
    onEvent({ kind: "key-rejected", key, message });
  }

  /** What a send took from the budget, for all that is known. */
  #spentOn({ id, request }: PlannedCall, outcome: SendOutcome, { usd }: Reservation): Spending {
    const { budget, costs } = this.#parts;
    const usage = outcome.kind === "replied" ? outcome.reply.usage : outcome.failure.paid?.usage;
    if (usage) {
      const spentUsd = costs.costOf(request.model, usage) ?? 0;
      budget.learn(id.step, spentUsd);
      return { spentUsd, possibleUsd: 0 };
    }
    const unknown = outcome.kind === "replied" || outcome.failure.mayHaveBeenProcessed;
    return { spentUsd: 0, possibleUsd: unknown ? usd : 0 };
  }

  #readReply(call: PlannedCall, reply: Reply, answer: Answer): CallResult {
    this.#parts.tally.succeeded += 1;
    const { text, finishReason, usage } = reply;
    if (usage) this.#parts.costs.learn(call.id.step, call.request, usage);
    const fault = findOutputFault(call.output, text, finishReason);
    const paid = { ...this.#paidPart(call, usage, answer), text, finishReason };
    if (!fault) return { ...paid, status: "done" };
    return { ...paid, status: "failed", error: { code: "output-invalid", message: fault } };
  }

  #giveUp(call: PlannedCall, failure: Failure, answer: Answer): CallResult {
    const { code, paid } = failure;
    const message = describeWithDetails(failure);
    return {
      ...this.#paidPart(call, paid?.usage, answer),
      status: "failed",
      error: { code, message },
      text: paid?.text,
    };
  }

  #paidPart(call: PlannedCall, usage: TokenUsage | undefined, { key, latencyMs }: Answer) {
    const costUsd = usage && this.#parts.costs.costOf(call.request.model, usage);
    return { usage, costUsd, key, latencyMs };
  }
}

/** Why the run stops when the key ring grants nothing any more. */
function findStopReason(error: unknown): StopReason | undefined {
  if (error instanceof NoUsableKeyError) return "no-usable-key";
  if (error instanceof OutOfServiceError) return "outage";
  return error instanceof WaitedTooLongError ? "limits" : undefined;
}

function toFailedResult(code: CallErrorCode, message: string): CallResult {
  return { status: "failed", error: { code, message } };
}

function describeAlike(failure: Failure, { key }: Lease): string {
  return (
    `Every call is refused alike by ${key.endpoint.baseUrl}: ${describeWithDetails(failure)}. ` +
    "Correct the model, the parameters or the base URL, and type the same command again, with " +
    "--fresh where the pipeline has changed."
  );
}

/** The provider's message with what a support request would need. */
function describeWithDetails({ message, status, requestId }: Failure): string {
  const details = [
    status === undefined ? undefined : `status ${status}`,
    requestId === undefined ? undefined : `request ${requestId}`,
  ].filter((detail) => detail !== undefined);
  return details.length > 0 ? `${message} (${details.join(", ")})` : message;
}
