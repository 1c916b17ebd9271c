import type { DocumentPath, YamlDocument } from "../document/yaml-document.ts";
import type { ChatMessage } from "../vocabulary/model-request.ts";
import { suggestName } from "../document/suggest-name.ts";
import { compileMessages, renderMessages } from "./compile-messages.ts";
import type { MessageTemplate } from "./compile-messages.ts";
import type { Prompt, Reference, Scope } from "./pipeline.ts";
import type { Report } from "./read-document.ts";
import type { PromptFile } from "./read-prompt-file.ts";
import type { WrittenStep } from "./schema.ts";
import { sourceInDocument } from "./source-text.ts";
import { compileTemplateSource } from "./template-source.ts";
import type { LocatedTemplate } from "./template-source.ts";

export interface CompiledPrompt {
  readonly prompt: Prompt;
  readonly references: readonly Reference[];
  /** Everything of its text that a changed reply could come from. */
  readonly sources: readonly (readonly [name: string, source: string])[];
}

/** The prompt of a step that has its messages itself. */
export function compileInlinePrompt(
  messages: readonly ChatMessage[],
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

/**
 * The prompt of a step that uses a prompt file. A variable of the file is what `with` says, or else
 * the row's column of that name.
 */
export function compileFilePrompt(
  { messages }: PromptFile,
  step: WrittenStep,
  document: YamlDocument,
  path: DocumentPath,
  report: Report,
): CompiledPrompt {
  const variables = messages.flatMap(({ references }) => references);
  const values = compileValues(step.with ?? {}, variables, document, path, report);
  const columns = variables.filter(({ path: [name = ""] }) => !values.has(name));
  if (step.per === "run") {
    for (const {
      path: [name = ""],
      place,
    } of columns) {
      report({
        code: "missing-variable",
        message: `variable "${name}" has no value in a step that runs once`,
        remedy: `Add "${name}" under "with" of the step "${step.id}"`,
        ...place,
      });
    }
  }
  return {
    prompt: {
      render: (scope) => renderMessages(messages, { ...scope.row, ...renderValues(values, scope) }),
    },
    references: [
      ...[...values.values()].flatMap(({ references }) => references),
      ...(step.per === "row" ? columns : []).map(({ path: column, place }) => ({
        path: ["row", ...column],
        place,
      })),
    ],
    sources: [
      ...listSources(messages),
      ...Array.from(values, ([name, { template }]) => [name, template.source] as const),
    ],
  };
}

function compileValues(
  written: NonNullable<WrittenStep["with"]>,
  variables: readonly Reference[],
  document: YamlDocument,
  path: DocumentPath,
  report: Report,
): Map<string, LocatedTemplate> {
  const used = new Set(variables.map(({ path: [name = ""] }) => name));
  const values = new Map<string, LocatedTemplate>();
  for (const [name, value] of Object.entries(written)) {
    const place = [...path, "with", name];
    if (!used.has(name)) {
      const message = `the prompt file has no variable "${name}"`;
      const meant = suggestName(name, used);
      const remedy = meant === undefined ? "Remove it" : `Did you mean "${meant}"?`;
      report(document.problem(place, { code: "unknown-field", message, remedy }, "key"));
    }
    const source = sourceInDocument(document, place, String(value));
    const compiled = compileTemplateSource(source, report);
    if (compiled) values.set(name, compiled);
  }
  return values;
}

function renderValues(values: ReadonlyMap<string, LocatedTemplate>, scope: Scope): object {
  const rendered = Array.from(values, ([name, { template }]) => [name, template.render(scope)]);
  return Object.fromEntries(rendered);
}

function listSources(messages: readonly MessageTemplate[]): [string, string][] {
  return messages.map(({ role, template }) => [role, template.source]);
}
