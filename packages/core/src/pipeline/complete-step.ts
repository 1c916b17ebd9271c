import { join } from "node:path";
import type { ColumnType } from "../vocabulary/column-type.ts";
import { fingerprint } from "../vocabulary/fingerprint.ts";
import { GROUP_COLUMNS, stepColumns } from "../vocabulary/step-columns.ts";
import { compileCondition } from "./condition/compile-condition.ts";
import type { Grouping, Reference, Step, StepOutput } from "./pipeline.ts";
import type { CompiledPrompt } from "./prompt/compile-messages.ts";
import { compilePrompt } from "./prompt/compile-prompt.ts";
import { type PromptFile, readPromptFile } from "./prompt/read-prompt-file.ts";
import { findMentions, findTemplateMentions } from "./references/find-mentions.ts";
import { createSchemaOutput, textOutput } from "./reply/step-output.ts";
import type { WrittenParameters, WrittenStep } from "./schema.ts";
import type { Section } from "./section/section.ts";
import { compileGrouping, type LocatedGrouping } from "./stages/compile-grouping.ts";
import type { StageKind } from "./stages/find-stages.ts";

/** What a step takes from around it. */
export interface StepSurroundings {
  /** Where its paths begin. */
  readonly directory: string;
  readonly defaults: WrittenParameters;
  readonly columns: ReadonlyMap<string, ColumnType> | undefined;
  /** Those of the steps before it, by what they are by. It adds its own. */
  readonly groupings: Map<string, Grouping>;
}

/** A step that is complete but for what it waits for, and what is needed to find that. */
export interface CompletedStep {
  readonly step: Omit<Step, "needs">;
  readonly kind: StageKind;
  /** What its prompt and condition refer to. */
  readonly references: readonly Reference[];
  /** Of a step per group. */
  readonly grouping: LocatedGrouping | undefined;
  /** The steps under its `needs`. */
  readonly named: readonly Reference[];
  /** Names by which a step over rows or groups may look at other steps' replies through these. */
  readonly mentions: readonly string[];
  /** Of everything that its replies come from. */
  readonly fingerprint: string;
}

/**
 * Fills in what a step leaves to its prompt file and the defaults, and compiles its texts.
 * @returns undefined when it has no prompt, output or grouping; what is wrong is reported
 */
export function completeStep(
  written: WrittenStep,
  section: Section,
  { directory, defaults, columns, groupings }: StepSurroundings,
): CompletedStep | undefined {
  const { id, per, when, onRowError } = written;
  const promptFile =
    written.prompt === undefined
      ? undefined
      : readPromptFile(join(directory, written.prompt), section.reportProblem);
  const prompt = compilePrompt(written, promptFile, section);
  const parameters = chooseParameters(written, promptFile?.parameters ?? {}, defaults);
  const output = completeReply(written, promptFile, section);
  const condition =
    when === undefined
      ? undefined
      : compileCondition(section.at("when").source(when), per, columns);
  const grouping = completeGrouping(written, section, groupings);
  const kind = chooseKind(per, grouping?.grouping);
  if (per === "row" && section.at("onRowError").isWritten) reportUselessRowError(section);
  if (!prompt || !output || !kind) return undefined;
  if (parameters.model === undefined) reportMissingModel(id, section);
  if (per === "group") checkGroupColumns(id, output, section);
  const references = [...prompt.references, ...(condition?.references ?? [])];
  const source = condition?.condition.source;
  return {
    step: {
      ...parameters,
      id,
      per,
      // None was reported; the rest of the step is still to be checked.
      model: parameters.model ?? "",
      prompt: prompt.prompt,
      when: condition?.condition,
      output,
      onRowError,
      references: [...references, ...(grouping?.references ?? [])],
      place: section.at("id").place,
    },
    kind,
    references,
    grouping,
    named: written.needs.map((needed, index) => ({
      path: ["steps", needed],
      place: section.at("needs", index).place,
    })),
    mentions: per === "row" ? [] : listMentions(prompt.sources, source),
    fingerprint: fingerprint(JSON.stringify([per, parameters, prompt.sources, source, output])),
  };
}

function reportMissingModel(id: string, section: Section): void {
  const message = `the step "${id}" has no model`;
  const remedy = 'Add "model" here, in its prompt file, or under "defaults"';
  section.at("id").report({ code: "missing-field", message, remedy });
}

function listMentions(
  prompt: CompiledPrompt["sources"],
  condition: string | undefined,
): readonly string[] {
  return [
    ...prompt.flatMap(([, text]) => findTemplateMentions(text)),
    ...findMentions(condition ?? ""),
  ];
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

/** What the step's replies must be. */
function completeReply(
  { id, output }: WrittenStep,
  promptFile: PromptFile | undefined,
  section: Section,
): StepOutput | undefined {
  if (!output) return promptFile?.output ?? textOutput;
  return createSchemaOutput({ name: id, schema: output.schema }, section.at("output", "schema"));
}

function completeGrouping(
  { id, per, groupBy }: WrittenStep,
  section: Section,
  groupings: Map<string, Grouping>,
): LocatedGrouping | undefined {
  if (per !== "group") {
    if (groupBy !== undefined) {
      const message = `"groupBy" is for steps per group, and the step "${id}" is per ${per}`;
      const remedy = 'Remove it, or write "per: group"';
      section.at("groupBy").report({ code: "invalid-value", message, remedy }, "key");
    }
    return undefined;
  }
  if (groupBy === undefined) {
    const message = `the step "${id}" is per group, and nothing says which rows are a group`;
    const remedy = 'Add "groupBy" with a template, such as "{{ row.product }}"';
    section.at("per").report({ code: "missing-field", message, remedy });
    return undefined;
  }
  return compileGrouping(section.at("groupBy").source(groupBy), groupings);
}

function chooseKind(per: Step["per"], grouping: Grouping | undefined): StageKind | undefined {
  if (per !== "group") return { per };
  return grouping && { per, grouping };
}

function reportUselessRowError(section: Section): void {
  const message = '"onRowError" is for steps that stand on several rows, and this one is per row';
  const remedy = 'Remove it, or write it at a step "per: group" or "per: run"';
  section.at("onRowError").report({ code: "invalid-value", message, remedy }, "key");
}

/** A table of groups begins with columns that no step may write a second time. */
function checkGroupColumns(id: string, output: StepOutput, section: Section): void {
  const taken: readonly string[] = GROUP_COLUMNS;
  for (const column of stepColumns({ id, output }).filter((name) => taken.includes(name))) {
    const message = `a table of groups already has a column "${column}", which this step writes`;
    section.at("id").report({ code: "duplicate", message, remedy: "Rename the step" });
  }
}
