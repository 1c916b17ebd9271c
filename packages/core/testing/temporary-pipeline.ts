import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { JsonObject } from "../src/vocabulary/json.ts";
import type { ModelRequest } from "../src/vocabulary/model-request.ts";
import { formatProblem, ProblemsError } from "../src/vocabulary/problem.ts";
import { buildRequest } from "../src/pipeline/build-request.ts";
import { loadPipeline } from "../src/pipeline/load-pipeline.ts";
import { listSteps, type Pipeline } from "../src/pipeline/pipeline.ts";

/** For tests: the files of a pipeline by name, the first of which is loaded. */
type WrittenFiles = Readonly<Record<string, string>>;

/** Loads a pipeline from files that exist until the test is finished. */
export function loadTemporaryPipeline(files: WrittenFiles): Pipeline {
  const directory = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return loadPipeline(join(directory, Object.keys(files)[0] ?? ""));
}

/** A folder that exists until the test is finished. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "rota-pipeline-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** What the first step of a pipeline asks about a row. */
export function requestOf(pipeline: Pipeline, row: JsonObject): ModelRequest {
  const [step] = listSteps(pipeline, "row");
  if (!step) throw new Error("the pipeline has no step");
  return buildRequest(step, { row, steps: {} });
}

/** What loading reports, as the user reads it, with the folder left out of the paths. */
export function listLoadProblems(files: WrittenFiles): string[] {
  return listProblems(() => loadTemporaryPipeline(files));
}

/** What is thrown as problems, as the user reads it; nothing where all is well. */
export function listProblems(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return error.problems.map((problem) =>
      formatProblem(problem).replace(/^.*?rota-pipeline-\w+[/\\]/, ""),
    );
  }
  return [];
}
