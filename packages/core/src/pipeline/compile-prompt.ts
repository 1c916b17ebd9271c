import type { DocumentPath, YamlDocument } from "../document/yaml-document.ts";
import { compileFilePrompt } from "./compile-file-prompt.ts";
import { compileMessages, listSources, renderMessages } from "./compile-messages.ts";
import type { CompiledPrompt } from "./compiled-prompt.ts";
import type { Report } from "./read-document.ts";
import type { PromptFile } from "./read-prompt-file.ts";
import type { WrittenStep } from "./schema.ts";

/**
 * Compiles the prompt of a step, be it in its messages or in a prompt file.
 * @param promptFile undefined when the step names none, or one that cannot be used
 * @param path where the step stands in the document
 * @returns undefined when there is not exactly one prompt; what is wrong is reported
 */
export function compilePrompt(
  step: WrittenStep,
  promptFile: PromptFile | undefined,
  document: YamlDocument,
  path: DocumentPath,
  report: Report,
): CompiledPrompt | undefined {
  const { id, messages, prompt } = step;
  const reportField = (name: string, message: string, remedy: string) =>
    report(document.problem([...path, name], { code: "invalid-value", message, remedy }, "key"));

  if (messages && prompt !== undefined) {
    reportField("prompt", `the step "${id}" has both "messages" and "prompt"`, "Keep one of them");
    return undefined;
  }
  if (messages && step.with) {
    const message = '"with" gives values to a prompt file, and this step has "messages"';
    reportField("with", message, "Remove it; messages see row and steps themselves");
  }
  if (messages) return compileInlinePrompt(messages, document, [...path, "messages"], report);
  if (promptFile) return compileFilePrompt(promptFile, step, document, path, report);
  if (prompt === undefined) {
    const message = `the step "${id}" has no prompt`;
    const remedy = 'Add "messages", or "prompt" with the path of a prompt file';
    report(document.problem([...path, "id"], { code: "missing-field", message, remedy }));
  }
  return undefined;
}

function compileInlinePrompt(
  messages: NonNullable<WrittenStep["messages"]>,
  document: YamlDocument,
  path: DocumentPath,
  report: Report,
): CompiledPrompt {
  const compiled = compileMessages(messages, document, path, report);
  return {
    prompt: { render: (scope) => renderMessages(compiled, scope) },
    references: compiled.flatMap(({ references }) => references),
    sources: listSources(compiled),
  };
}
