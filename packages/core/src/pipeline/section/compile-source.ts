import { compileTemplate } from "../../template/compile-template.ts";
import { TemplateError } from "../../template/template-error.ts";
import type { Template } from "../../template/template.ts";
import type { Reference } from "../pipeline.ts";
import type { SourceText } from "./source-text.ts";

export interface LocatedTemplate {
  readonly template: Template;
  readonly references: readonly Reference[];
}

/** Compiles a template that the user wrote; what is wrong with it is reported where it stands. */
export function compileSource(
  source: SourceText,
  compile: (source: string) => Template = compileTemplate,
): LocatedTemplate | undefined {
  try {
    const template = compile(source.text);
    const references = template.variables.map(({ path, offset }) => ({
      path,
      place: source.locate(offset, path.join(".").length),
    }));
    return { template, references };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { message, offset } = error;
    source.report({ code: "template", message, remedy: TEMPLATE_REMEDY }, offset);
    return undefined;
  }
}

const TEMPLATE_REMEDY =
  "Correct the template; to show braces as they are, put {% raw %} … {% endraw %} around";
