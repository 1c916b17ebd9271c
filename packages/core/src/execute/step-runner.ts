import type { OnEvent } from "../vocabulary/event.ts";
import type { CallId, CallRecord, CallResult, Journal } from "../vocabulary/journal.ts";
import { hashRequest, type ModelRequest } from "../vocabulary/model-request.ts";
import type { Subject } from "../vocabulary/subject.ts";
import type { Scope, Step } from "../pipeline/pipeline.ts";
import { readReply, type StepResults } from "../results/step-results.ts";
import type { CallMaker } from "./call/call-maker.ts";
import { decideStep, type Decision, type SubjectView } from "./decide-step.ts";

/** What becomes of calls that a killed process left open. */
export type OnUncertain = "resend" | "skip";

/** One subject with all that its steps can see. */
export interface SubjectWork extends SubjectView {
  readonly subject: Subject;
  /** What the journal holds about it. */
  readonly calls: readonly CallRecord[];
  /** Of steps that have ended: about the subject itself, and about those it belongs to. */
  readonly before: StepResults;
}

/**
 * Takes one subject (a row, a group, or the run) through steps. A step has one of these ends, and
 * each is in the journal before the next step begins:
 *
 * - a step that it needs is not done, or its condition is false: skipped;
 * - its condition or template cannot be evaluated, or rows that it may not do without have failed:
 *   failed, nothing sent;
 * - the journal has a result of the very same request: taken as it is;
 * - it was left open by a killed process and is not to be sent again: uncertain;
 * - otherwise the call is made: done or failed.
 */
export class StepRunner {
  readonly #callMaker: CallMaker;
  readonly #journal: Journal;
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #onUncertain: OnUncertain;
  readonly #onEvent: OnEvent;

  /** @param settings.steps all of the pipeline */
  constructor(
    parts: { callMaker: CallMaker; journal: Journal; onEvent: OnEvent },
    settings: { steps: readonly Step[]; onUncertain: OnUncertain },
  ) {
    this.#callMaker = parts.callMaker;
    this.#journal = parts.journal;
    this.#onEvent = parts.onEvent;
    this.#steps = new Map(settings.steps.map((step) => [step.id, step]));
    this.#onUncertain = settings.onUncertain;
  }

  /**
   * @returns how these steps ended, behind those that had ended before
   * @throws RunStopped, StorageError
   */
  async run(steps: readonly Step[], work: SubjectWork): Promise<StepResults> {
    const results = new Map(work.before);
    const outputs: Scope["steps"] = {};
    for (const [id, result] of results) this.#show(outputs, id, result);
    for (const step of steps) {
      const record = work.calls.find(({ id }) => id.step === step.id);
      const decision = decideStep(step, work, { steps: this.#steps, results, outputs });
      const result = await this.#runStep(step, work, decision, record);
      results.set(step.id, result);
      this.#show(outputs, step.id, result);
    }
    return results;
  }

  #show(outputs: Scope["steps"], id: string, result: CallResult): void {
    const step = this.#steps.get(id);
    const reply = step && readReply(step.output, result);
    if (reply) outputs[id] = reply;
  }

  async #runStep(
    step: Step,
    { subject }: SubjectWork,
    decision: Decision,
    record: CallRecord | undefined,
  ): Promise<CallResult> {
    const id = { step: step.id, subject };
    if (decision.kind === "settled") return this.#record(id, decision.result, record?.result);
    const request = hashRequest(decision.request);
    if (record?.result && answers(record.result, request)) return record.result;
    const result = await this.#makeCall(id, decision.request, step, record?.unanswered ?? 0);
    return this.#record(id, { ...result, request });
  }

  /** What stands in the journal already is not recorded again. */
  async #record(id: CallId, result: CallResult, recorded?: CallResult): Promise<CallResult> {
    const { status, usage, costUsd, reason, error } = result;
    const isKnown =
      recorded?.status === status &&
      recorded.reason === reason &&
      recorded.error?.message === error?.message;
    if (isKnown) return recorded;
    await this.#journal.recordResult(id, result);
    this.#onEvent({ kind: "call-ended", step: id.step, status, usage, costUsd });
    return result;
  }

  async #makeCall(
    id: CallId,
    request: ModelRequest,
    { output }: Step,
    unanswered: number,
  ): Promise<CallResult> {
    if (unanswered > 0 && this.#onUncertain === "skip") return UNCERTAIN;
    const result = await this.#callMaker.make({ id, request, output, unanswered });
    return id.subject.per === "row" ? result : adviseOnSize(result);
  }
}

/** Results of before requests were recorded have none: of those that were sent, the pipeline was kept the same. */
function answers({ request, key }: CallResult, asked: string): boolean {
  return request === undefined ? key !== undefined : request === asked;
}

const UNCERTAIN: CallResult = {
  status: "uncertain",
  error: {
    code: "uncertain",
    message: "sent by a process that died; not sent again, as was asked for",
  },
};

/** A prompt over many rows can be made shorter, by who wrote it. */
function adviseOnSize(result: CallResult): CallResult {
  const { error } = result;
  if (error?.code !== "context-too-long" && error?.code !== "too-large-for-limits") return result;
  const advice = "make smaller groups, or name fewer rows in the prompt";
  return { ...result, error: { ...error, message: `${error.message}; ${advice}` } };
}
