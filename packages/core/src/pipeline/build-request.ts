import type { ModelRequest } from "../vocabulary/model-request.ts";
import type { Scope, Step } from "./pipeline.ts";

/**
 * What a step asks the model about one row, or about the run.
 * @throws TemplateError when a value that the prompt needs is missing
 */
export function buildRequest(step: Step, scope: Scope): ModelRequest {
  const { model, temperature, topP, maxOutputTokens, prompt, output } = step;
  return { model, temperature, topP, maxOutputTokens, messages: prompt.render(scope), output };
}
