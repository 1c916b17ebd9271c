import type { ReportProblem } from "../vocabulary/problem.ts";
import { findOutputFormat, OUTPUT_ENDINGS } from "../pipeline/output-format.ts";
import type { Output, Pipeline } from "../pipeline/pipeline.ts";

/**
 * What a run is going to write. Files that were named take the place of the pipeline's outputs of
 * the same format, tables of groups aside; a Markdown file then has the pipeline's template, if it
 * has one, and a CSV is as careful with formulas.
 * A pipeline file without outputs writes its results as CSV beside; one that a program handed in
 * writes what it was told to, as the program is given the results.
 */
export function chooseOutputs(
  pipeline: Pick<Pipeline, "name" | "outputs">,
  { files, isFile }: { readonly files: readonly string[]; readonly isFile: boolean },
  report: ReportProblem,
): Output[] {
  const named = files.flatMap((file): Output[] => {
    const format = findOutputFormat(file);
    if (!format) {
      report({
        code: "option",
        message: `the ending of "${file}" names no format`,
        remedy: `Use one of: ${OUTPUT_ENDINGS.join(", ")}`,
      });
      return [];
    }
    const model = pipeline.outputs.find((output) => output.format === format && !output.groupsOf);
    const { template, templateFile, formulas = "raw" } = model ?? {};
    return [{ file, format, template, templateFile, groupsOf: undefined, formulas }];
  });
  const formats = new Set(named.map(({ format }) => format));
  const kept = pipeline.outputs.filter(
    ({ format, groupsOf }) => groupsOf !== undefined || !formats.has(format),
  );
  const outputs = [...named, ...kept];
  if (outputs.length > 0 || !isFile) return outputs;
  return [
    {
      file: `${pipeline.name}.results.csv`,
      format: "csv",
      template: undefined,
      templateFile: undefined,
      groupsOf: undefined,
      formulas: "raw",
    },
  ];
}
