import { compileLiquidTemplate } from "./liquid-template.ts";
import { compilePlainTemplate } from "./plain-template.ts";
import type { Template } from "./template.ts";

/**
 * Reads a Liquid template. One of plain text and plain `{{ path }}` needs no Liquid to be rendered,
 * and most prompts are such.
 * @throws TemplateError
 */
export function compileTemplate(source: string): Template {
  return compilePlainTemplate(source) ?? compileLiquidTemplate(source);
}
