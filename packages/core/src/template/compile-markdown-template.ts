import { formatValue } from "./format-value.ts";
import { compileLiquidTemplate, createLiquid } from "./liquid-template.ts";
import { escapeMarkdown, tameMarkdown } from "./markdown-text.ts";
import type { Template } from "./template.ts";

const liquid = createLiquid((value) => escapeMarkdown(formatValue(value)));

liquid.registerFilter("markdown", {
  raw: true,
  handler: (value: unknown) => tameMarkdown(formatValue(value)),
});
liquid.registerFilter("raw", { raw: true, handler: formatValue });

/**
 * Reads a Liquid template of a Markdown file. Values are shown as text, on one line, whatever they
 * hold. As the last filter, `markdown` keeps a value's formatting but nothing that leads outside,
 * and `raw` trusts it wholly.
 * @throws TemplateError
 */
export function compileMarkdownTemplate(source: string): Template {
  return compileLiquidTemplate(source, liquid);
}
