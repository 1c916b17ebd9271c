import type { z } from "zod";
import { readYaml } from "../../document/read-yaml.ts";
import { validateDocument } from "../../document/validate-document.ts";
import type { ReportProblem } from "../../vocabulary/problem.ts";
import { FORMER_NAMES } from "./former-names.ts";
import { Section } from "./section.ts";

/**
 * Reads YAML and checks its shape. Unknown fields are reported and then overlooked, so that
 * everything else can be checked in the same go.
 * @param file the path as the user gave it
 * @returns no value when the shape is too wrong to go on
 * @throws ProblemsError when the text is no YAML
 */
export function readSection<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
  reportProblem: ReportProblem,
): { readonly section: Section; readonly written: T | undefined } {
  const document = readYaml(text, file);
  const { value: written, problems } = validateDocument(document, schema, FORMER_NAMES);
  problems.forEach(reportProblem);
  return { section: new Section(document, reportProblem), written };
}
