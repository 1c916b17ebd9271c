import { Composer, type Node, type YAMLError } from "yaml";
import { type Problem, ProblemsError } from "../vocabulary/problem.ts";
import { convertYamlNode } from "./convert-yaml-node.ts";
import { parseYamlTokens } from "./parse-yaml-tokens.ts";
import { createTextLocator } from "./text-locator.ts";
import { YamlDocument } from "./yaml-document.ts";

type What = Pick<Problem, "code" | "message" | "remedy">;

/** One slip can make every line after it wrong, and nobody reads further than this. */
const MAX_PROBLEMS = 20;

/**
 * Reads one YAML 1.2 document (the core schema: no merge keys, no tags but the standard ones).
 * Bounded in size, depth and time, whatever the text is.
 * @param file the path as the user gave it; for messages only.
 * @throws ProblemsError with every syntax error, duplicate key, unknown tag and alias without an
 *   anchor; for text over 256 KiB, nesting over 64, too many parts; for a second document.
 */
export function readYaml(text: string, file: string): YamlDocument {
  const locator = createTextLocator(text);
  const tokens = parseYamlTokens(text, file, locator);
  const composer = new Composer({
    schema: "core",
    resolveKnownTags: false,
    stringKeys: true,
    // Quadratic in the library; found while converting.
    uniqueKeys: false,
    logLevel: "silent",
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  const root: Node | null = document?.contents ?? null;
  const problems: Problem[] = [];
  const report = (what: What, [start, end]: readonly [number, number, number?]) => {
    const { code, message, remedy } = what;
    problems.push({ code, message, remedy, file, position: locator.locate(start, end) });
  };

  for (const error of [...(document?.errors ?? []), ...(document?.warnings ?? [])]) {
    report(describeSyntaxError(error, text), error.pos);
  }
  if (second) report(SECOND_DOCUMENT, second.range);
  throwIfAny(problems);

  const { value, aliases, problems: found } = convertYamlNode(root);
  for (const problem of found) report(problem, problem.node.range ?? [0, 0]);
  throwIfAny(problems);
  return new YamlDocument({ file, text, value, root, aliases, locator });
}

const SECOND_DOCUMENT = {
  code: "yaml",
  message: "the file holds more than one document",
  remedy: 'Keep one document, and remove the "---" between them',
} as const;

function throwIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ProblemsError(problems.slice(0, MAX_PROBLEMS));
}

function describeSyntaxError({ code, message, pos: [start] }: YAMLError, text: string): What {
  // The most frequent slip of all: a template at the beginning of a value is a YAML map.
  if (code === "NON_STRING_KEY" && text.startsWith("{{", start - 1)) {
    return {
      code: "yaml",
      message: "text that begins with a brace must stand in quotes",
      remedy: 'Write it as "{{ … }}", with the quotes',
    };
  }
  const sentence = message.charAt(0).toLowerCase() + message.slice(1);
  return { code: "yaml", message: sentence, remedy: REMEDIES[code] ?? DEFAULT_REMEDY };
}

const DEFAULT_REMEDY = "Correct the YAML here; put text with special characters in quotes";

const REMEDIES: Partial<Record<YAMLError["code"], string>> = {
  BAD_INDENT: "Indent the line as far as its neighbours",
  TAB_AS_INDENT: "Indent with spaces",
  TAG_RESOLVE_FAILED: "Remove the tag, or put the text in quotes",
  NON_STRING_KEY: "Use plain text as the name of a field",
  BLOCK_AS_IMPLICIT_KEY: "Put text that has a colon in it in quotes",
  BAD_DQ_ESCAPE: "Write the backslash twice, or use single quotes",
};
