import { basename, dirname } from "node:path";
import { readTextFile } from "../document/read-text-file.ts";
import { readYaml } from "../document/read-yaml.ts";
import { writeYaml } from "../document/write-yaml.ts";
import { hideCredentials } from "../vocabulary/hide-credentials.ts";
import {
  formatProblem,
  type Problem,
  ProblemsError,
  type ReportProblem,
} from "../vocabulary/problem.ts";
import { completePipeline } from "./complete-pipeline.ts";
import type { Pipeline } from "./pipeline.ts";
import { MAX_NAME_LENGTH, pipelineSchema, type WrittenPipeline } from "./schema.ts";
import { readSection } from "./section/read-section.ts";
import { Section } from "./section/section.ts";

const PROMPT_FILE_ENDING = /\.prompt\.ya?ml$/i;

/** What a pipeline that is an object goes by where a file has its path. */
const OBJECT_NAME = "pipeline";

/**
 * Reads a pipeline with every file it names, and checks all that can be checked without rows. A
 * `.prompt.yml` file is a pipeline of one step, `prompt`, whose variables are columns.
 * @param source the path of a file as the user gave it, from the working directory; or a
 *   `PipelineDefinition`, whose paths begin in the working directory. Mistakes in an object are
 *   shown in the YAML that it would be.
 * @throws ProblemsError with everything that is wrong, each with its place; what looks like a
 *   credential is hidden in it
 */
export function loadPipeline(source: string | object): Pipeline {
  try {
    return loadAsWritten(source);
  } catch (error) {
    // Not kept as the cause: it shows lines of the files as they are.
    if (!(error instanceof ProblemsError)) throw error;
    throw new ProblemsError(error.problems.map(hideCredentials));
  }
}

function loadAsWritten(source: string | object): Pipeline {
  const file = typeof source === "string" ? source : OBJECT_NAME;
  const problems: Problem[] = [];
  const reportProblem = (problem: Problem) => void problems.push(problem);
  const { section, written } = readPipeline(source, reportProblem);
  const pipeline =
    written && completePipeline(written, section, { file, directory: dirname(file) });
  if (problems.length > 0 || !pipeline) throw new ProblemsError(arrange(problems, file));
  return pipeline;
}

function readPipeline(source: string | object, reportProblem: ReportProblem) {
  if (typeof source !== "string") {
    const text = writeYaml(source, OBJECT_NAME);
    return readSection(text, OBJECT_NAME, pipelineSchema, reportProblem);
  }
  const text = readTextFile(source);
  return PROMPT_FILE_ENDING.test(source)
    ? wrapPromptFile(text, source, reportProblem)
    : readSection(text, source, pipelineSchema, reportProblem);
}

function wrapPromptFile(
  text: string,
  file: string,
  reportProblem: ReportProblem,
): { section: Section; written: WrittenPipeline } {
  const prompt = basename(file);
  const written = pipelineSchema.parse({
    name: toPipelineName(prompt.replace(PROMPT_FILE_ENDING, "")),
    steps: [{ id: "prompt", prompt }],
  });
  return { section: new Section(readYaml(text, file), reportProblem), written };
}

/** A file may be named in any script; a pipeline's name keeps to what file systems agree on. */
function toPipelineName(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ["prompt"];
  return words.join("-").slice(0, MAX_NAME_LENGTH);
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
