import { join, posix, win32 } from "node:path";
import { readTextFile } from "../document/read-text-file.ts";
import { compileMarkdownTemplate } from "../template/compile-markdown-template.ts";
import type { DocumentPath, YamlDocument } from "../document/yaml-document.ts";
import { findOutputFormat, OUTPUT_ENDINGS } from "./output-format.ts";
import type { Output, Reference } from "./pipeline.ts";
import { reportThrown } from "./read-document.ts";
import type { Report } from "./read-document.ts";
import type { WrittenPipeline } from "./schema.ts";
import { sourceOfFile } from "./source-text.ts";
import { compileTemplateSource } from "./template-source.ts";

export interface CompletedOutput extends Output {
  /** What its template refers to. */
  readonly references: readonly Reference[];
}

/**
 * Chooses an output's format and compiles its template.
 * @returns undefined when it has no format; what is wrong is reported
 */
export function completeOutput(
  { file, template }: WrittenPipeline["outputs"][number],
  surroundings: { readonly document: YamlDocument; readonly path: DocumentPath; directory: string },
  report: Report,
): CompletedOutput | undefined {
  const { document, path, directory } = surroundings;
  if (!staysInside(file)) {
    const message = `the output "${file}" leads out of the folder for outputs`;
    const remedy = "Write a relative path without .. and without names of devices";
    report(document.problem([...path, "file"], { code: "output-path", message, remedy }));
  }
  const format = findOutputFormat(file);
  if (!format) {
    const message = `the ending of "${file}" names no format`;
    const remedy = `Use one of: ${OUTPUT_ENDINGS.join(", ")}`;
    report(document.problem([...path, "file"], { code: "invalid-value", message, remedy }));
    return undefined;
  }
  if (template === undefined)
    return { file, format, template: undefined, groupsOf: undefined, references: [] };
  if (format !== "markdown") {
    const message = `a ${format} file has no template`;
    const what = {
      code: "invalid-value",
      message,
      remedy: "Remove it, or write a .md file",
    } as const;
    report(document.problem([...path, "template"], what, "key"));
  }
  const templateFile = join(directory, template);
  const text = reportThrown(() => readTextFile(templateFile), report);
  const compiled =
    text === undefined
      ? undefined
      : compileTemplateSource(sourceOfFile(templateFile, text), report, compileMarkdownTemplate);
  return {
    file,
    format,
    template: compiled?.template,
    groupsOf: undefined,
    references: compiled?.references ?? [],
  };
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
