import type { WrittenStep } from "../schema.ts";
import type { Section } from "../section/section.ts";
import { compileFilePrompt } from "./compile-file-prompt.ts";
import {
  type CompiledPrompt,
  compileMessages,
  listSources,
  renderMessages,
} from "./compile-messages.ts";
import type { PromptFile } from "./read-prompt-file.ts";

/**
 * Compiles the prompt of a step, be it in its messages or in a prompt file.
 * @param promptFile undefined when the step names none, or one that cannot be used
 * @returns undefined when there is not exactly one prompt; what is wrong is reported
 */
export function compilePrompt(
  step: WrittenStep,
  promptFile: PromptFile | undefined,
  section: Section,
): CompiledPrompt | undefined {
  const { id, messages, prompt } = step;
  const reportField = (name: string, message: string, remedy: string) =>
    section.at(name).report({ code: "invalid-value", message, remedy }, "key");

  if (messages && prompt !== undefined) {
    reportField("prompt", `the step "${id}" has both "messages" and "prompt"`, "Keep one of them");
    return undefined;
  }
  if (messages && step.with) {
    const message = '"with" gives values to a prompt file, and this step has "messages"';
    reportField("with", message, "Remove it; messages see what the step sees");
  }
  if (messages) return compileInlinePrompt(messages, section.at("messages"));
  if (promptFile) return compileFilePrompt(promptFile, step, section);
  if (prompt === undefined) {
    const message = `the step "${id}" has no prompt`;
    const remedy = 'Add "messages", or "prompt" with the path of a prompt file';
    section.at("id").report({ code: "missing-field", message, remedy });
  }
  return undefined;
}

function compileInlinePrompt(
  messages: NonNullable<WrittenStep["messages"]>,
  section: Section,
): CompiledPrompt {
  const compiled = compileMessages(messages, section);
  return {
    prompt: { render: (scope) => renderMessages(compiled, scope) },
    references: compiled.flatMap(({ references }) => references),
    sources: listSources(compiled),
  };
}
