import { compileTemplate } from "../../template/compile-template.ts";
import { TemplateError } from "../../template/template-error.ts";
import type { Grouping, Reference } from "../pipeline.ts";
import { compileSource } from "../section/compile-source.ts";
import type { SourceText } from "../section/source-text.ts";

/** UTF-16 units. A key is shown, and names a group in the journal; no text of a ticket is one. */
const MAX_KEY_LENGTH = 500;

export interface LocatedGrouping {
  readonly grouping: Grouping;
  readonly references: readonly Reference[];
}

/**
 * Compiles a `groupBy`; what is wrong with it is reported where it stands.
 * @param known groupings by what they are by: steps that write the same share one
 */
export function compileGrouping(
  source: SourceText,
  known: Map<string, Grouping>,
): LocatedGrouping | undefined {
  const compiled = compileSource(source);
  if (!compiled) return undefined;
  const { references } = compiled;
  if (references.length === 0) {
    const message = '"groupBy" names no column, so that all rows would be one group';
    source.report({ code: "invalid-value", message, remedy: suggestBraces(source.text) }, 0);
    return undefined;
  }
  const by = normalizeTemplate(source.text);
  const grouping = known.get(by) ?? createGrouping(by);
  known.set(by, grouping);
  return { grouping, references };
}

function createGrouping(by: string): Grouping {
  const template = compileTemplate(by);
  return {
    by,
    needsReplies: template.variables.some(({ path }) => path[0] === "steps"),
    keyOf: (scope) => {
      const key = template.render(scope);
      if (key.length <= MAX_KEY_LENGTH) return key;
      const message = `the key of its group is longer than ${MAX_KEY_LENGTH} characters; group by a shorter text`;
      throw new TemplateError(message, { offset: 0 });
    },
  };
}

function suggestBraces(text: string): string {
  const [, name] = /^\s*(?:row\.)?(\w+)\s*$/.exec(text) ?? [];
  return name === undefined
    ? 'Refer to a column, such as "{{ row.product }}"; over all rows, write "per: run"'
    : `Write "{{ row.${name} }}"`;
}

/**
 * White space that changes nothing is made the same everywhere: none around the whole, single
 * spaces inside braces. What stands in quotes is left alone.
 */
function normalizeTemplate(text: string): string {
  return text
    .trim()
    .replaceAll(
      /(\{\{-?|\{%-?)((?:"[^"]*"|'[^']*'|[^"'])*?)(-?\}\}|-?%\})/g,
      (_, open: string, inside: string, close: string) =>
        `${open} ${singleSpaces(inside)} ${close}`,
    );
}

function singleSpaces(text: string): string {
  return text
    .trim()
    .replaceAll(/"[^"]*"|'[^']*'|\s+/g, (part) => (part.trim() === "" ? " " : part));
}
