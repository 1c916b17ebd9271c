import { posix } from "node:path";
import type { DocumentPath, YamlDocument } from "../document/yaml-document.ts";
import { fingerprint } from "../vocabulary/fingerprint.ts";
import { describeMissingColumn } from "./check-columns.ts";
import { checkReferences } from "./check-references.ts";
import { completeOutput } from "./complete-output.ts";
import type { CompletedOutput } from "./complete-output.ts";
import { completeStep } from "./complete-step.ts";
import type { CompletedStep } from "./complete-step.ts";
import { orderSteps } from "./order-steps.ts";
import type { InputSettings, Pipeline, PipelineLimits, Reference } from "./pipeline.ts";
import type { Report } from "./read-document.ts";
import type { WrittenPipeline } from "./schema.ts";

/**
 * Makes a complete pipeline of a written one, and checks how its parts fit together. When anything
 * was reported, the pipeline is not to be used: parts of it may be missing.
 * @param directory where the paths in it begin
 */
export function completePipeline(
  written: WrittenPipeline,
  document: YamlDocument,
  directory: string,
  report: Report,
): Pipeline {
  const input = completeInput(written.input, document, report);
  const steps = completeSteps(written, document, directory, input, report);
  const outputs = completeOutputs(written, document, directory, report);
  const completed = new Map(steps.map((step) => [step.id, step]));
  const byId = new Map(written.steps.map(({ id }) => [id, completed.get(id)]));
  for (const { per, references } of steps) {
    checkReferences(
      references,
      { per, isReport: false, steps: byId, columns: input.columns },
      report,
    );
  }
  for (const { references } of outputs) {
    checkReferences(
      references,
      { per: "run", isReport: true, steps: byId, columns: undefined },
      report,
    );
  }
  const ordered = orderSteps(steps, report);
  const rowSteps = ordered.filter(({ per }) => per === "row");
  if (written.steps.every(({ per }) => per === "run")) {
    const message = "no step runs for each row";
    const remedy = 'Add a step without "per: run"';
    report(document.problem(["steps"], { code: "missing-field", message, remedy }, "key"));
  }
  return {
    name: written.name,
    description: written.description,
    file: document.file,
    directory,
    keys: written.keys,
    input,
    limits: completeLimits(written.limits),
    stages: [
      { per: "row" as const, steps: rowSteps },
      { per: "run" as const, steps: ordered.filter(({ per }) => per === "run") },
    ].filter(({ steps }) => steps.length > 0),
    outputs,
    fingerprints: {
      input: fingerprint(JSON.stringify([input.id, [...(input.columns ?? [])]])),
      ...Object.fromEntries(rowSteps.map((step) => [`step ${step.id}`, step.fingerprint])),
    },
  };
}

function completeInput(
  { id, columns: written }: WrittenPipeline["input"],
  document: YamlDocument,
  report: Report,
): InputSettings {
  const columns = written && new Map(Object.entries(written));
  if (id !== undefined && columns && !columns.has(id)) {
    report(document.problem(["input", "id"], describeMissingColumn(id, [...columns.keys()])));
  }
  const reference = (name: string, path: DocumentPath): Reference => ({
    path: ["row", name],
    place: { file: document.file, position: document.position(path) },
  });
  const references = Object.keys(written ?? {}).map((name) =>
    reference(name, ["input", "columns", name]),
  );
  if (id !== undefined) references.push(reference(id, ["input", "id"]));
  return { id, columns, references };
}

function completeSteps(
  { steps, defaults }: WrittenPipeline,
  document: YamlDocument,
  directory: string,
  { columns }: InputSettings,
  report: Report,
): CompletedStep[] {
  const seen = new Set<string>();
  return steps.flatMap((step, index) => {
    const path = ["steps", index];
    if (seen.has(step.id)) {
      const message = `there is already a step "${step.id}"`;
      const what = { code: "duplicate", message, remedy: "Give it another id" } as const;
      report(document.problem([...path, "id"], what));
    }
    seen.add(step.id);
    return completeStep(step, { document, path, directory, defaults, columns }, report) ?? [];
  });
}

function completeOutputs(
  { outputs }: WrittenPipeline,
  document: YamlDocument,
  directory: string,
  report: Report,
): CompletedOutput[] {
  const seen = new Set<string>();
  return outputs.flatMap((output, index) => {
    const path = ["outputs", index];
    // File systems that ignore case would let the second overwrite the first.
    const sameFile = posix.normalize(output.file).toLowerCase();
    if (seen.has(sameFile)) {
      const message = `there is already an output "${output.file}"`;
      const what = { code: "duplicate", message, remedy: "Give it another name" } as const;
      report(document.problem([...path, "file"], what));
    }
    seen.add(sameFile);
    return completeOutput(output, { document, path, directory }, report) ?? [];
  });
}

function completeLimits({
  callTimeoutSeconds,
  ...limits
}: WrittenPipeline["limits"]): PipelineLimits {
  return { ...limits, budgetUsd: limits.budgetUsd, callTimeoutMs: callTimeoutSeconds * 1000 };
}
