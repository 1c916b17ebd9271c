import type { DocumentPath, YamlDocument } from "../document/yaml-document.ts";
import { listSources, renderMessages } from "./compile-messages.ts";
import type { CompiledPrompt } from "./compiled-prompt.ts";
import type { Reference, Scope } from "./pipeline.ts";
import type { Report } from "./read-document.ts";
import type { PromptFile } from "./read-prompt-file.ts";
import type { WrittenStep } from "./schema.ts";
import { sourceInDocument } from "./source-text.ts";
import { suggestRemedy } from "./suggest-remedy.ts";
import { compileTemplateSource } from "./template-source.ts";
import type { LocatedTemplate } from "./template-source.ts";

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
  const written = step.with ?? {};
  const variables = messages.flatMap(({ references }) => references);
  const values = compileValues(written, variables, document, path, report);
  const columns = variables.filter(({ path: [name = ""] }) => !Object.hasOwn(written, name));
  if (step.per === "run") columns.forEach((column) => reportMissingValue(column, step.id, report));
  return {
    prompt: {
      render: (scope) => renderMessages(messages, { ...scope.row, ...renderValues(values, scope) }),
    },
    references: [
      ...[...values.values()].flatMap(({ references }) => references),
      ...(step.per === "row" ? columns.map(toColumnReference) : []),
    ],
    sources: [
      ...listSources(messages),
      ...Array.from(values, ([name, { template }]) => [name, template.source] as const),
    ],
  };
}

function toColumnReference({ path, place }: Reference): Reference {
  return { path: ["row", ...path], place };
}

function reportMissingValue({ path: [name], place }: Reference, step: string, report: Report) {
  report({
    code: "missing-variable",
    message: `variable "${name}" has no value in a step that runs once`,
    remedy: `Add "${name}" under "with" of the step "${step}"`,
    ...place,
  });
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
      const remedy = suggestRemedy(name, used, "Remove it");
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
