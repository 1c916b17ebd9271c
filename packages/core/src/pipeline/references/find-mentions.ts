/**
 * `steps` as a part of something else, with a step's name behind it: `r.steps.classify`,
 * `r["steps"]["classify"]`, or in the text that a filter takes, `"steps.classify.output"`.
 */
const MENTION = /[.'"]\s*steps(?:["']\s*\])?\s*(?:\.\s*|\[\s*["'])([A-Za-z]\w*)/g;

/**
 * Names of the steps whose replies an expression may look at through rows or groups. They are found
 * by their form, since a loop can give a row any name.
 */
export function findMentions(expression: string): string[] {
  return Array.from(expression.matchAll(MENTION), ([, id = ""]) => id);
}

/** Those of a template: what stands outside of braces is words. */
export function findTemplateMentions(template: string): string[] {
  return [...listExpressions(template)].flatMap(findMentions);
}

function* listExpressions(template: string): Generator<string> {
  let start: number | undefined;
  for (const { 0: brace, index } of template.matchAll(/\{[{%]|[%}]\}/g)) {
    const opens = brace.startsWith("{");
    if (!opens && start !== undefined) yield template.slice(start, index);
    if (!opens) start = undefined;
    else start ??= index;
  }
}
