import type { ChatMessage } from "../vocabulary/model-request.ts";
import type { Row } from "../vocabulary/row.ts";
import { buildRequest } from "../pipeline/build-request.ts";
import { listSteps, type Pipeline, type Scope, type Step } from "../pipeline/pipeline.ts";

/** What one step would send. */
export interface PreviewedStep {
  readonly step: string;
  readonly messages: readonly ChatMessage[];
  /** Why nothing could be sent: the step fails for this row. */
  readonly error?: string | undefined;
}

/**
 * The messages that a row would set off, as they would be sent: of the steps that need no other
 * step's reply. A step that the row's values keep from being sent is left out.
 */
export function previewMessages(pipeline: Pipeline, row: Row): PreviewedStep[] {
  const scope = { row: row.values, steps: {} };
  return listSteps(pipeline, "row")
    .filter(({ needs }) => needs.length === 0)
    .flatMap((step) => previewStep(step, scope) ?? []);
}

function previewStep(step: Step, scope: Scope): PreviewedStep | undefined {
  try {
    if (step.when && !step.when.evaluate(scope)) return undefined;
    return { step: step.id, messages: buildRequest(step, scope).messages };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { step: step.id, messages: [], error: message };
  }
}
