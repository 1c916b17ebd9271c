import type { ChatMessage } from "../vocabulary/model-request.ts";
import type { Row } from "../vocabulary/row.ts";
import { buildRequest } from "../pipeline/build-request.ts";
import { listSteps, type Pipeline } from "../pipeline/pipeline.ts";

/** What one step would send. */
export interface PreviewedStep {
  readonly step: string;
  readonly messages: readonly ChatMessage[];
}

/**
 * The messages that a row would set off, as they would be sent: of the steps that need no other
 * step's reply. A step that the row's values keep from being sent is left out.
 */
export function previewMessages(pipeline: Pipeline, row: Row): PreviewedStep[] {
  const scope = { row: row.values, steps: {} };
  return listSteps(pipeline, "row")
    .filter(({ needs, when }) => needs.length === 0 && (when?.evaluate(scope) ?? true))
    .map((step) => ({ step: step.id, messages: buildRequest(step, scope).messages }));
}
