import { basename, dirname } from "node:path";
import { readTextFile } from "../document/read-text-file.ts";
import { readYaml } from "../document/read-yaml.ts";
import type { YamlDocument } from "../document/yaml-document.ts";
import { formatProblem, ProblemsError } from "../vocabulary/problem.ts";
import type { Problem } from "../vocabulary/problem.ts";
import { completePipeline } from "./complete-pipeline.ts";
import type { Pipeline } from "./pipeline.ts";
import { readDocument } from "./read-document.ts";
import { LONGEST_NAME, pipelineSchema } from "./schema.ts";
import type { WrittenPipeline } from "./schema.ts";

const PROMPT_FILE_ENDING = /\.prompt\.ya?ml$/i;

/**
 * Reads a pipeline file with every file it names, and checks all that can be checked without rows.
 * A `.prompt.yml` file is a pipeline of one step, `prompt`, whose variables are columns.
 * @param file the path as the user gave it, from the working directory
 * @throws ProblemsError with everything that is wrong, each with its place
 */
export function loadPipeline(file: string): Pipeline {
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);
  const { document, written } = PROMPT_FILE_ENDING.test(file)
    ? wrapPromptFile(file)
    : readDocument(file, pipelineSchema, report);
  const pipeline = written && completePipeline(written, document, dirname(file), report);
  if (problems.length > 0 || !pipeline) throw new ProblemsError(arrange(problems, file));
  return pipeline;
}

function wrapPromptFile(file: string): { document: YamlDocument; written: WrittenPipeline } {
  const prompt = basename(file);
  const written = pipelineSchema.parse({
    name: toPipelineName(prompt.replace(PROMPT_FILE_ENDING, "")),
    steps: [{ id: "prompt", prompt }],
  });
  return { document: readYaml(readTextFile(file), file), written };
}

/** A file may be named in any script; a pipeline's name keeps to what file systems agree on. */
function toPipelineName(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ["prompt"];
  return words.join("-").slice(0, LONGEST_NAME);
}

/** From the top of the pipeline file down, then the files it names; what two steps share, once. */
function arrange(problems: readonly Problem[], file: string): Problem[] {
  const distinct = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...distinct.values()].toSorted(
    (a, b) =>
      Number(a.file !== file) - Number(b.file !== file) ||
      (a.file ?? "").localeCompare(b.file ?? "") ||
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0),
  );
}
