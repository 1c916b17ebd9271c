import type { OnEvent } from "../vocabulary/event.ts";
import type { CallId, CallRecord, CallResult, Journal, Subject } from "../vocabulary/journal.ts";
import type { ModelRequest } from "../vocabulary/model-request.ts";
import type { CallErrorCode } from "../vocabulary/provider.ts";
import { buildRequest } from "../pipeline/build-request.ts";
import type { Scope, Step } from "../pipeline/pipeline.ts";
import { readOutput } from "../results/finished-row.ts";
import type { CallMaker } from "./call-maker.ts";

/** What becomes of calls that a killed process left open. */
export type OnUncertain = "resend" | "skip";

/** How the steps of one subject ended, by step, in their order. */
export type StepResults = ReadonlyMap<string, CallResult>;

/**
 * Takes one subject (a row, or the run) through its steps. A step has one of these ends, and each
 * is in the journal before the next step begins:
 *
 * - it has a result from an earlier process: taken as it is;
 * - a step that it needs is not done, or its condition is false: skipped;
 * - its condition or template cannot be evaluated: failed, nothing sent;
 * - it was left open by a killed process and is not to be sent again: uncertain;
 * - otherwise the call is made: done or failed.
 */
export class StepRunner {
  readonly #callMaker: CallMaker;
  readonly #journal: Journal;
  readonly #onUncertain: OnUncertain;
  readonly #onEvent: OnEvent;

  constructor(
    parts: { callMaker: CallMaker; journal: Journal; onEvent: OnEvent },
    settings: { onUncertain: OnUncertain },
  ) {
    this.#callMaker = parts.callMaker;
    this.#journal = parts.journal;
    this.#onEvent = parts.onEvent;
    this.#onUncertain = settings.onUncertain;
  }

  /**
   * @param scope what templates and conditions see; step outputs are added to it.
   * @throws RunStopped, StorageError
   */
  async run(
    steps: readonly Step[],
    subject: Subject,
    scope: Omit<Scope, "steps">,
    records: readonly CallRecord[],
  ): Promise<StepResults> {
    const results = new Map<string, CallResult>();
    const growing: Scope = { ...scope, steps: {} };
    for (const step of steps) {
      const record = records.find(({ id }) => id.step === step.recordedAs);
      const result =
        record?.result ?? (await this.#runStep(step, subject, growing, results, record));
      results.set(step.id, result);
      if (result.status === "done" && result.text !== undefined) {
        growing.steps[step.id] = {
          output: readOutput(step.output, result.text),
          text: result.text,
        };
      }
    }
    return results;
  }

  async #runStep(
    step: Step,
    subject: Subject,
    scope: Scope,
    results: StepResults,
    record: CallRecord | undefined,
  ): Promise<CallResult> {
    const id = { step: step.recordedAs, subject };
    const decision = decide(step, scope, results);
    const result =
      decision.kind === "settled"
        ? decision.result
        : await this.#makeCall(id, decision.request, step, record?.unanswered ?? 0);
    await this.#journal.recordResult(id, result);
    const { status, usage, costUsd } = result;
    this.#onEvent({ kind: "call-ended", step: step.id, status, usage, costUsd });
    return result;
  }

  async #makeCall(
    id: CallId,
    request: ModelRequest,
    { output }: Step,
    unanswered: number,
  ): Promise<CallResult> {
    if (unanswered > 0 && this.#onUncertain === "skip") return UNCERTAIN;
    return this.#callMaker.make({ id, request, output, unanswered });
  }
}

const UNCERTAIN: CallResult = {
  status: "uncertain",
  error: {
    code: "uncertain",
    message: "sent by a process that died; not sent again, as asked by --on-uncertain skip",
  },
};

type Decision =
  | { readonly kind: "settled"; readonly result: CallResult }
  | { readonly kind: "call"; readonly request: ModelRequest };

function decide(step: Step, scope: Scope, results: StepResults): Decision {
  for (const needed of step.needs) {
    const status = results.get(needed)?.status;
    if (status !== undefined && status !== "done") {
      return skip(`needs ${needed}, which is ${status}`);
    }
  }
  try {
    if (step.when && !step.when.evaluate(scope)) return skip(`not so: ${step.when.source}`);
  } catch (error) {
    return fail("condition-failed", error);
  }
  try {
    return { kind: "call", request: buildRequest(step, scope) };
  } catch (error) {
    return fail("template-failed", error);
  }
}

function skip(reason: string): Decision {
  return { kind: "settled", result: { status: "skipped", reason } };
}

function fail(code: CallErrorCode, error: unknown): Decision {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "settled", result: { status: "failed", error: { code, message } } };
}
