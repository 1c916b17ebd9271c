import { buildRequest } from "../pipeline/build-request.ts";
import type { Scope, Step } from "../pipeline/pipeline.ts";
import type { StepResults } from "../results/step-results.ts";
import type { CallResult, SubjectCounts } from "../vocabulary/journal.ts";
import type { ModelRequest } from "../vocabulary/model-request.ts";
import type { CallErrorCode } from "../vocabulary/provider.ts";
import type { Per } from "../vocabulary/subject.ts";

/** What a step can see of its subject. */
export interface SubjectView {
  /**
   * What its templates and conditions see, besides the outputs of steps. Made anew for each step, so
   * that the rows of a group are not held while its call is in flight.
   */
  readonly see: () => Omit<Scope, "steps">;
  /** The rows that a group or the run stands on. */
  readonly rows?: SubjectCounts | undefined;
  /** Why nothing can be asked about it. */
  readonly obstacle?: CallResult["error"];
}

/** What is to be done about one step of one subject. */
export type Decision =
  | { readonly kind: "settled"; readonly result: CallResult }
  | { readonly kind: "call"; readonly request: ModelRequest };

/**
 * Decides from what is known by now whether a step has ended without a call, or what is to be asked.
 * @param known.steps all of the pipeline, by id
 */
export function decideStep(
  step: Step,
  view: SubjectView,
  known: {
    readonly steps: ReadonlyMap<string, Step>;
    readonly results: StepResults;
    readonly outputs: Scope["steps"];
  },
): Decision {
  const reason = findMissingNeed(step, known.steps, known.results);
  if (reason !== undefined) return skip(reason);
  return findObstacle(step, view) ?? writeRequest(step, { ...view.see(), steps: known.outputs });
}

/** Why the step cannot run by what it needs. */
function findMissingNeed(
  { needs, per }: Step,
  steps: ReadonlyMap<string, Step>,
  results: StepResults,
): string | undefined {
  for (const id of needs) {
    const needed = steps.get(id);
    if (!needed || !isVisible(needed.per, per)) continue;
    const status = results.get(id)?.status;
    if (status === undefined) return `needs ${id}, and the row has no group there`;
    if (status !== "done") return `needs ${id}, which is ${status}`;
  }
  return undefined;
}

/** A step sees results about its own subject, and about what that belongs to. */
function isVisible(needed: Per, by: Per): boolean {
  return needed === by || needed === "run" || by === "row";
}

function findObstacle({ onRowError }: Step, { rows, obstacle }: SubjectView): Decision | undefined {
  const lost = rows ? rows.failed + rows.uncertain : 0;
  if (rows && lost > 0 && onRowError === "fail") {
    const message = `${lost} of the ${rows.total} rows that it stands on have no result`;
    return fail("rows-failed", message);
  }
  if (obstacle) return fail(obstacle.code, obstacle.message);
  if (rows && lost > 0 && lost === rows.total) return skip("none of its rows has a result");
  return undefined;
}

function writeRequest(step: Step, scope: Scope): Decision {
  try {
    if (step.when && !step.when.evaluate(scope)) return skip(`not so: ${step.when.source}`);
  } catch (error) {
    return fail("condition-failed", toMessage(error));
  }
  try {
    return { kind: "call", request: buildRequest(step, scope) };
  } catch (error) {
    return fail("template-failed", toMessage(error));
  }
}

function skip(reason: string): Decision {
  return { kind: "settled", result: { status: "skipped", reason } };
}

function fail(code: CallErrorCode, message: string): Decision {
  return { kind: "settled", result: { status: "failed", error: { code, message } } };
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
