import { suggestRemedy } from "../../document/suggest-remedy.ts";
import type { Reference, Scope } from "../pipeline.ts";
import type { WrittenStep } from "../schema.ts";
import { compileSource, type LocatedTemplate } from "../section/compile-source.ts";
import type { Section } from "../section/section.ts";
import { type CompiledPrompt, listSources, renderMessages } from "./compile-messages.ts";
import type { PromptFile } from "./read-prompt-file.ts";

/**
 * The prompt of a step that uses a prompt file. A variable of the file is what `with` says, or else
 * in a step per row the row's column of that name.
 */
export function compileFilePrompt(
  { messages }: PromptFile,
  step: WrittenStep,
  section: Section,
): CompiledPrompt {
  const written = step.with ?? {};
  const variables = messages.flatMap(({ references }) => references);
  const values = compileValues(written, variables, section.at("with"));
  const others = variables.filter(({ path: [name = ""] }) => !Object.hasOwn(written, name));
  if (step.per !== "row") others.forEach((variable) => reportMissingValue(variable, step, section));
  return {
    prompt: {
      render: (scope) => renderMessages(messages, { ...scope.row, ...renderValues(values, scope) }),
    },
    references: [
      ...[...values.values()].flatMap(({ references }) => references),
      ...(step.per === "row" ? others.map(toColumnReference) : []),
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

function reportMissingValue(
  { path: [name], place }: Reference,
  { id, per }: WrittenStep,
  section: Section,
): void {
  section.reportProblem({
    code: "missing-variable",
    message: `variable "${name}" has no value in a step ${per === "run" ? "that runs once" : "per group"}`,
    remedy: `Add "${name}" under "with" of the step "${id}"`,
    ...place,
  });
}

function compileValues(
  written: NonNullable<WrittenStep["with"]>,
  variables: readonly Reference[],
  section: Section,
): Map<string, LocatedTemplate> {
  const used = new Set(variables.map(({ path: [name = ""] }) => name));
  const values = new Map<string, LocatedTemplate>();
  for (const [name, value] of Object.entries(written)) {
    const place = section.at(name);
    if (!used.has(name)) {
      const message = `the prompt file has no variable "${name}"`;
      const remedy = suggestRemedy(name, used, "Remove it");
      place.report({ code: "unknown-field", message, remedy }, "key");
    }
    const compiled = compileSource(place.source(String(value)));
    if (compiled) values.set(name, compiled);
  }
  return values;
}

function renderValues(values: ReadonlyMap<string, LocatedTemplate>, scope: Scope): object {
  const rendered = Array.from(values, ([name, { template }]) => [name, template.render(scope)]);
  return Object.fromEntries(rendered);
}
