import type { Prompt, Reference } from "./pipeline.ts";

/** A prompt, and what is to be known of it before it is used. */
export interface CompiledPrompt {
  readonly prompt: Prompt;
  readonly references: readonly Reference[];
  /** Everything of its text that a changed reply could come from. */
  readonly sources: readonly (readonly [name: string, source: string])[];
}
