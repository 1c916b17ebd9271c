import { join } from "node:path";
import type { DocumentPath, YamlDocument } from "../document/yaml-document.ts";
import { fingerprint } from "../vocabulary/fingerprint.ts";
import type { ColumnType } from "../vocabulary/column-type.ts";
import { compileCondition } from "./condition/compile-condition.ts";
import type { LocatedCondition } from "./condition/compile-condition.ts";
import { compilePrompt } from "./compile-prompt.ts";
import type { Reference, Step, StepOutput } from "./pipeline.ts";
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
  const { document, path, directory, defaults } = surroundings;
  const { id, per, prompt } = written;
  const promptFile =
    prompt === undefined ? undefined : readPromptFile(join(directory, prompt), report);
  const compiled = compilePrompt(written, promptFile, document, path, report);
  const parameters = chooseParameters(written, promptFile?.parameters ?? {}, defaults);
  const output = completeOutput(written, promptFile, surroundings, report);
  const condition = completeCondition(written, surroundings, report);
  if (!compiled || !output) return undefined;
  if (parameters.model === undefined) {
    const message = `the step "${id}" has no model`;
    const remedy = 'Add "model" here, in its prompt file, or under "defaults"';
    report(document.problem([...path, "id"], { code: "missing-field", message, remedy }));
  }
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
    onRowError: "skip",
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

function completeCondition(
  { per, when }: WrittenStep,
  { document, path, columns }: StepSurroundings,
  report: Report,
): LocatedCondition | undefined {
  if (when === undefined) return undefined;
  const source = sourceInDocument(document, [...path, "when"], when);
  return compileCondition(source, per, columns, report);
}

function listNeeds(references: readonly Reference[]): string[] {
  const needs = references.flatMap(({ path: [root, id] }) =>
    root === "steps" && id !== undefined ? [id] : [],
  );
  return [...new Set(needs)];
}
