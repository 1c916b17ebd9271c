import { join, posix, win32 } from "node:path";
import { readTextFile } from "../document/read-text-file.ts";
import { suggestRemedy } from "../document/suggest-remedy.ts";
import { compileMarkdownTemplate } from "../template/compile-markdown-template.ts";
import { collectProblems } from "../vocabulary/problem.ts";
import { findOutputFormat, OUTPUT_ENDINGS, type OutputFileFormat } from "./output-format.ts";
import type { Grouping, Output, Reference } from "./pipeline.ts";
import { describeUnknownStep, type KnownSteps } from "./references/find-step-mistake.ts";
import type { WrittenOutput } from "./schema.ts";
import { compileSource, type LocatedTemplate } from "./section/compile-source.ts";
import type { Section } from "./section/section.ts";
import { sourceOfFile } from "./section/source-text.ts";

export interface CompletedOutputFile {
  readonly output: Output;
  /** What its template refers to. */
  readonly references: readonly Reference[];
}

/** What an output takes from around it. */
interface OutputSurroundings {
  /** Where the path of its template begins. */
  readonly directory: string;
  readonly steps: KnownSteps;
}

/**
 * Chooses an output's format, and compiles its template or finds its groups.
 * @returns undefined when it has no format; what is wrong is reported
 */
export function completeOutputFile(
  { file, template, groups, formulas }: WrittenOutput,
  section: Section,
  { directory, steps }: OutputSurroundings,
): CompletedOutputFile | undefined {
  if (!staysInside(file)) {
    const message = `the output "${file}" leads out of the folder for outputs`;
    const remedy = "Write a relative path without .. and without names of devices";
    section.at("file").report({ code: "output-path", message, remedy });
  }
  const format = findOutputFormat(file);
  if (!format) {
    const message = `the ending of "${file}" names no format`;
    const remedy = `Use one of: ${OUTPUT_ENDINGS.join(", ")}`;
    section.at("file").report({ code: "invalid-value", message, remedy });
    return undefined;
  }
  if (formulas !== undefined && format !== "csv") {
    const message = "only a .csv file is read by spreadsheets as they like";
    const remedy = "Remove it, or write a .csv file";
    section.at("formulas").report({ code: "invalid-value", message, remedy }, "key");
  }
  const templateFile = template === undefined ? undefined : join(directory, template);
  const compiled =
    templateFile === undefined
      ? undefined
      : readTemplate(templateFile, format, section.at("template"));
  const groupsOf =
    groups === undefined ? undefined : findGroups(groups, format, steps, section.at("groups"));
  return {
    output: {
      file,
      format,
      template: compiled?.template,
      templateFile,
      groupsOf,
      formulas: formulas ?? "raw",
    },
    references: compiled?.references ?? [],
  };
}

function readTemplate(
  file: string,
  format: OutputFileFormat,
  section: Section,
): LocatedTemplate | undefined {
  if (format !== "markdown") {
    const message = `a ${format} file has no template`;
    const remedy = "Remove it, or write a .md file";
    section.report({ code: "invalid-value", message, remedy }, "key");
  }
  const text = collectProblems(section.reportProblem, () => readTextFile(file));
  if (text === undefined) return undefined;
  return compileSource(sourceOfFile(file, text, section.reportProblem), compileMarkdownTemplate);
}

/** @param id of a step, for the groups of which there is a record each */
function findGroups(
  id: string,
  format: OutputFileFormat,
  steps: KnownSteps,
  section: Section,
): Grouping | undefined {
  if (format === "markdown") {
    const message = "a .md file is a report over the whole run, not a table of groups";
    const remedy = "Write a .csv or .jsonl file; a report's template sees the groups in `groups`";
    section.report({ code: "invalid-value", message, remedy }, "key");
  }
  if (!steps.has(id)) {
    section.report(describeUnknownStep(id, steps));
    return undefined;
  }
  const step = steps.get(id);
  if (step && step.per !== "group") {
    const perGroup = [...steps].flatMap(([other, known]) => (known?.per === "group" ? other : []));
    const message = `the step "${id}" has no groups: it is per ${step.per}`;
    const otherwise =
      perGroup.length > 0
        ? `Name a step per group: ${perGroup.join(", ")}`
        : 'Remove it, or give a step "per: group"';
    const remedy = suggestRemedy(id, perGroup, otherwise);
    section.report({ code: "unknown-step", message, remedy });
  }
  return step?.grouping;
}

/** Device names hold on Windows, with any ending: `nul.csv` is no file there. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

function staysInside(file: string): boolean {
  const isRelative = !posix.isAbsolute(file) && !win32.isAbsolute(file) && !/^[a-z]:/i.test(file);
  return (
    isRelative &&
    !file.includes("\0") &&
    file.split(/[/\\]/).every((name) => name !== ".." && !DEVICE_NAME.test(name))
  );
}
