import { isMap, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import type { z } from "zod";
import { ScenarioError, type ScenarioProblem } from "./scenario-error.ts";
import { scenarioSchema, type Scenario } from "./scenario-schema.ts";

/** Scenarios are short; the YAML parser's recursion stays harmless up to this size. */
const MAX_CHARACTERS = 65_536;

type Path = readonly PropertyKey[];
type Locate = (path: Path) => Pick<ScenarioProblem, "line" | "column">;

/**
 * Reads a scenario from YAML and fills in the defaults.
 * @param fileName is only for messages.
 * @throws ScenarioError with all problems, each with its line and column.
 */
export function parseScenario(yamlText: string, fileName: string): Scenario {
  if (yamlText.length > MAX_CHARACTERS) {
    const message = `is longer than ${MAX_CHARACTERS} characters; scenarios must be shorter`;
    throw new ScenarioError(fileName, [{ message, path: "", line: 1, column: 1 }]);
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter, prettyErrors: false });
  const locateOffset = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      message: error.message,
      path: "",
      ...locateOffset(error.pos[0]),
    }));
    throw new ScenarioError(fileName, problems);
  }
  return completeScenario(readValue(document, fileName), {
    fileName,
    locate: (path) => locateOffset(findOffset(document, path)),
  });
}

/**
 * Checks a scenario and fills in the defaults; a complete scenario stays as it is.
 * @throws ScenarioError with all problems.
 */
export function completeScenario(
  value: unknown,
  options: { fileName?: string; locate?: Locate } = {},
): Scenario {
  const { fileName = "scenario", locate = () => ({ line: undefined, column: undefined }) } =
    options;
  const result = scenarioSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(listComplaints).map(({ message, path }) => {
    const { line, column } = locate(path);
    return { message, path: formatPath(path), line, column };
  });
  throw new ScenarioError(fileName, problems, { cause: result.error });
}

/** Each unknown field is a complaint of its own, about its own place. */
function listComplaints(issue: z.core.$ZodIssue): { message: string; path: Path }[] {
  if (issue.code !== "unrecognized_keys") return [issue];
  return issue.keys.map((key) => ({ message: "unknown field", path: [...issue.path, key] }));
}

/** The document as plain values; an empty one is an empty scenario. */
function readValue(document: Document, fileName: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (cause) {
    // Too many aliases, or one that refers to nothing.
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ScenarioError(fileName, [{ message, path: "", line: 1, column: 1 }], { cause });
  }
}

/** Where the deepest part of the path that exists begins: a map's key, or a list's item. */
function findOffset(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap<{ value: unknown } & Node>(node)) {
      const pair = node.items.find(({ key }) => String(key.value) === String(step));
      if (!pair) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else {
      const item = itemOf(node, step);
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    }
  }
  return offset;
}

function itemOf(node: unknown, step: PropertyKey): Node | undefined {
  if (!isSeq<Node>(node) || typeof step !== "number") return undefined;
  return node.items[step];
}

function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}
