import { posix } from "node:path";
import { fingerprint } from "../vocabulary/fingerprint.ts";
import { describeMissingColumn } from "./check-columns.ts";
import { completeOutputFile, type CompletedOutputFile } from "./complete-output-file.ts";
import { completeStep, type CompletedStep } from "./complete-step.ts";
import type { Grouping, InputSettings, Pipeline, PipelineLimits, Reference } from "./pipeline.ts";
import { checkReferences } from "./references/check-references.ts";
import {
  findMentionMistake,
  findNeedMistake,
  type KnownSteps,
  type Viewer,
} from "./references/find-step-mistake.ts";
import type { WrittenPipeline } from "./schema.ts";
import type { Section } from "./section/section.ts";
import { findNeeds } from "./stages/find-needs.ts";
import { findStages } from "./stages/find-stages.ts";
import { reportCycles } from "./stages/report-cycles.ts";

/**
 * Makes a complete pipeline of a written one, and checks how its parts fit together. When anything
 * was reported, the pipeline is not to be used: parts of it may be missing.
 * @param origin the file as the user named it, and where the paths in it begin
 */
export function completePipeline(
  written: WrittenPipeline,
  section: Section,
  origin: { readonly file: string; readonly directory: string },
): Pipeline {
  const input = completeInput(written.input, section.at("input"));
  const steps = completeSteps(written, section.at("steps"), origin.directory, input);
  const known = listKnownSteps(written, steps);
  const outputs = completeOutputs(written, section.at("outputs"), origin.directory, known);
  checkAllReferences(steps, outputs, known, input, section);
  if (written.steps.every(({ per }) => per !== "row")) {
    const message = "no step runs for each row";
    const remedy = 'Add a step without "per: group" or "per: run"';
    section.at("steps").report({ code: "missing-field", message, remedy }, "key");
  }
  return {
    ...origin,
    name: written.name,
    description: written.description,
    keys: written.keys,
    input,
    limits: completeLimits(written.limits),
    ...arrangeStages(steps, input, section),
    outputs: outputs.map(({ output }) => output),
  };
}

function completeInput(
  { id, columns: written }: WrittenPipeline["input"],
  section: Section,
): InputSettings {
  const columns = written && new Map(Object.entries(written));
  if (id !== undefined && columns && !columns.has(id)) {
    section.at("id").report(describeMissingColumn(id, [...columns.keys()]));
  }
  const references: Reference[] = Object.keys(written ?? {}).map((name) => ({
    path: ["row", name],
    place: section.at("columns", name).place,
  }));
  if (id !== undefined) references.push({ path: ["row", id], place: section.at("id").place });
  return { id, columns, references };
}

function completeSteps(
  { steps, defaults }: WrittenPipeline,
  section: Section,
  directory: string,
  { columns }: InputSettings,
): CompletedStep[] {
  const seen = new Set<string>();
  const groupings = new Map<string, Grouping>();
  return steps.flatMap((step, index) => {
    const part = section.at(index);
    if (seen.has(step.id)) {
      const message = `there is already a step "${step.id}"`;
      part.at("id").report({ code: "duplicate", message, remedy: "Give it another id" });
    }
    seen.add(step.id);
    return completeStep(step, part, { directory, defaults, columns, groupings }) ?? [];
  });
}

function listKnownSteps(written: WrittenPipeline, steps: readonly CompletedStep[]): KnownSteps {
  const completed = new Map(
    steps.map(({ step, grouping }) => [step.id, { ...step, grouping: grouping?.grouping }]),
  );
  return new Map(written.steps.map(({ id }) => [id, completed.get(id)]));
}

function completeOutputs(
  { outputs }: WrittenPipeline,
  section: Section,
  directory: string,
  steps: KnownSteps,
): CompletedOutputFile[] {
  const seen = new Set<string>();
  return outputs.flatMap((output, index) => {
    const part = section.at(index);
    // File systems that ignore case would let the second overwrite the first.
    const sameFile = posix.normalize(output.file).toLowerCase();
    if (seen.has(sameFile)) {
      const message = `there is already an output "${output.file}"`;
      part.at("file").report({ code: "duplicate", message, remedy: "Give it another name" });
    }
    seen.add(sameFile);
    return completeOutputFile(output, part, { directory, steps }) ?? [];
  });
}

function checkAllReferences(
  steps: readonly CompletedStep[],
  outputs: readonly CompletedOutputFile[],
  known: KnownSteps,
  { columns }: InputSettings,
  { reportProblem }: Section,
): void {
  const check = (references: readonly Reference[], viewer: Viewer) =>
    checkReferences(references, { viewer, steps: known, columns }, reportProblem);

  for (const { step, kind, references, grouping, named, mentions } of steps) {
    const viewer: Viewer =
      kind.per === "group" ? { kind: "group", grouping: kind.grouping } : { kind: kind.per };
    check(references, viewer);
    check(grouping?.references ?? [], { kind: "grouping" });
    for (const { path, place } of named) {
      const mistake = findNeedMistake(path[1] ?? "", viewer, known);
      if (mistake) reportProblem({ ...mistake, ...place });
    }
    for (const id of new Set(mentions)) {
      const mistake = findMentionMistake(id, viewer, known);
      if (mistake) reportProblem({ ...mistake, ...step.place });
    }
  }
  for (const { references } of outputs) check(references, { kind: "report" });
}

/** Finds the order of the steps, and what of it must not change while a run is unfinished. */
function arrangeStages(
  completed: readonly CompletedStep[],
  { id, columns }: InputSettings,
  section: Section,
): Pick<Pipeline, "stages" | "fingerprints"> {
  const needs = findNeeds(completed);
  const { stages, stuck } = findStages(
    completed.map(({ step, kind }) => ({
      step: { ...step, needs: (needs.get(step.id) ?? []).map((need) => need.id) },
      kind,
    })),
  );
  reportCycles(stuck, needs, section.reportProblem);
  const [first] = stages;
  const begun = first?.per === "row" ? first.steps.map((step) => step.id) : [];
  return {
    stages,
    fingerprints: {
      input: fingerprint(JSON.stringify([id, [...(columns ?? [])]])),
      ...Object.fromEntries(
        completed
          .filter(({ step }) => begun.includes(step.id))
          .map(({ step, fingerprint: mark }) => [`step ${step.id}`, mark]),
      ),
    },
  };
}

function completeLimits({
  callTimeoutSeconds,
  maxWaitMinutes,
  outageMinutes,
  ...limits
}: WrittenPipeline["limits"]): PipelineLimits {
  return {
    ...limits,
    budgetUsd: limits.budgetUsd,
    callTimeoutMs: callTimeoutSeconds * 1000,
    maxWaitMs: maxWaitMinutes * 60_000,
    outageMs: outageMinutes * 60_000,
  };
}
