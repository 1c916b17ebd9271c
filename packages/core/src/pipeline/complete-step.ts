import { join } from "node:path";
import type { DocumentPath, YamlDocument } from "../document/yaml-document.ts";
import { fingerprint } from "../vocabulary/fingerprint.ts";
import { compileCondition } from "./compile-condition.ts";
import { compileFilePrompt, compileInlinePrompt } from "./compile-prompt.ts";
import type { CompiledPrompt } from "./compile-prompt.ts";
import type { ColumnType, Reference, Step, StepOutput } from "./pipeline.ts";
import type { Report } from "./read-document.ts";
import { readPromptFile } from "./read-prompt-file.ts";
import type { PromptFile } from "./read-prompt-file.ts";
import type { WrittenParameters, WrittenStep } from "./schema.ts";
import { sourceInDocument } from "./source-text.ts";
import { createSchemaOutput, textOutput } from "./step-output.ts";

/** What a step takes from around it. */
export interface StepSurroundings {
  readonly document: YamlDocument;
  /** Where the step stands in the document. */
  readonly path: DocumentPath;
  readonly directory: string;
  readonly defaults: WrittenParameters;
  readonly columns: ReadonlyMap<string, ColumnType> | undefined;
}

export interface CompletedStep extends Step {
  readonly fingerprint: string;
}

/**
 * Fills in what a step leaves to its prompt file and the defaults, and compiles its texts.
 * @returns undefined when it has no prompt or output; what is wrong is reported
 */
export function completeStep(
  written: WrittenStep,
  surroundings: StepSurroundings,
  report: Report,
): CompletedStep | undefined {
  const { document, path, directory, defaults, columns } = surroundings;
  const { id, per } = written;
  const promptFile =
    written.prompt === undefined
      ? undefined
      : readPromptFile(join(directory, written.prompt), report);
  const parameters = chooseParameters(written, promptFile?.parameters ?? {}, defaults);
  const compiled = compilePrompt(written, promptFile, surroundings, report);
  const output = completeOutput(written, promptFile, surroundings, report);
  const condition =
    written.when === undefined
      ? undefined
      : compileCondition(
          sourceInDocument(document, [...path, "when"], written.when),
          per,
          columns,
          report,
        );
  if (parameters.model === undefined && (written.prompt === undefined || promptFile)) {
    const message = `the step "${id}" has no model`;
    const remedy = 'Add "model" here, in its prompt file, or under "defaults"';
    report(document.problem([...path, "id"], { code: "missing-field", message, remedy }));
  }
  if (!compiled || !output) return undefined;

  const references: Reference[] = [
    ...compiled.references,
    ...(condition?.references ?? []),
    ...written.needs.map((needed, index) => ({
      path: ["steps", needed],
      place: locate(document, [...path, "needs", index]),
    })),
  ];
  const when = condition?.condition;
  return {
    ...parameters,
    id,
    per,
    // None was reported; the rest of the step is still to be checked.
    model: parameters.model ?? "",
    prompt: compiled.prompt,
    when,
    output,
    needs: listNeeds(references),
    references,
    place: locate(document, [...path, "id"]),
    fingerprint: fingerprint(
      JSON.stringify([per, parameters, compiled.sources, when?.source, output]),
    ),
  };
}

function locate(document: YamlDocument, path: DocumentPath) {
  return { file: document.file, position: document.position(path) };
}

/** The nearest to the step wins. */
function chooseParameters(...sources: readonly [WrittenParameters, ...WrittenParameters[]]) {
  const choose = <Name extends keyof WrittenParameters>(name: Name) =>
    sources.find((source) => source[name] !== undefined)?.[name];
  return {
    model: choose("model"),
    temperature: choose("temperature"),
    topP: choose("topP"),
    maxOutputTokens: choose("maxOutputTokens"),
  };
}

function compilePrompt(
  written: WrittenStep,
  promptFile: PromptFile | undefined,
  { document, path }: StepSurroundings,
  report: Report,
): CompiledPrompt | undefined {
  const { id, messages, prompt } = written;
  if (messages && prompt !== undefined) {
    const message = `the step "${id}" has both "messages" and "prompt"`;
    report(
      document.problem(
        [...path, "prompt"],
        { code: "invalid-value", message, remedy: "Keep one of the two" },
        "key",
      ),
    );
    return undefined;
  }
  if (messages && written.with) {
    const message = '"with" gives values to a prompt file, and this step has "messages"';
    const remedy = 'Remove "with"; messages see row and steps themselves';
    const what = { code: "invalid-value", message, remedy } as const;
    report(document.problem([...path, "with"], what, "key"));
  }
  if (messages) return compileInlinePrompt(messages, document, [...path, "messages"], report);
  if (promptFile) return compileFilePrompt(promptFile, written, document, path, report);
  if (prompt === undefined) {
    const message = `the step "${id}" has no prompt`;
    const remedy = 'Add "messages", or "prompt" with the path of a prompt file';
    report(document.problem([...path, "id"], { code: "missing-field", message, remedy }));
  }
  return undefined;
}

function completeOutput(
  { id, output }: WrittenStep,
  promptFile: PromptFile | undefined,
  { document, path }: StepSurroundings,
  report: Report,
): StepOutput | undefined {
  if (!output) return promptFile?.output ?? textOutput;
  return createSchemaOutput(
    { name: id, schema: output.schema },
    (inner) => locate(document, [...path, "output", "schema", ...inner]),
    report,
  );
}

function listNeeds(references: readonly Reference[]): string[] {
  const needs = references.flatMap(({ path: [root, id] }) =>
    root === "steps" && id !== undefined ? [id] : [],
  );
  return [...new Set(needs)];
}
