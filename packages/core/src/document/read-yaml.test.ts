import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Problem, ProblemsError, formatProblem } from "../vocabulary/problem.ts";
import { readYaml } from "./read-yaml.ts";

function readProblems(text: string): readonly Problem[] {
  try {
    readYaml(text, "a.yml");
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
  return [];
}

/** The first problem as `line:column code message`. */
function firstProblem(text: string): string {
  const [problem] = readProblems(text);
  if (!problem) return "none";
  const { line, column } = problem.position ?? { line: 0, column: 0 };
  return `${line}:${column} ${problem.code} ${problem.message}`;
}

test("text becomes plain values", () => {
  const { value } = readYaml(
    "name: triage\nlimits: { a: 1, b: [true, null, 0.5] }\n1: x\n",
    "a.yml",
  );
  expect(JSON.stringify(value)).toBe(
    '{"1":"x","name":"triage","limits":{"a":1,"b":[true,null,0.5]}}',
  );
});

test("an empty text is null", () => {
  expect(readYaml("# nothing yet\n", "a.yml").value).toBeNull();
});

test("any JSON is YAML of the same value", () => {
  const json = fc
    .jsonValue({ maxDepth: 5 })
    .map((value) => JSON.stringify(value))
    .filter((text) => !text.includes("__proto__"));
  fc.assert(
    fc.property(json, (text) => {
      expect(JSON.stringify(readYaml(text, "a.yml").value)).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

test("objects have no prototype, and __proto__ is refused as a name", () => {
  const { value } = readYaml("constructor: mine\ntoString: mine\n", "a.yml");
  expect(Object.getPrototypeOf(value)).toBeNull();
  expect(firstProblem("a: 1\n__proto__: { polluted: true }")).toBe(
    '2:1 invalid-value "__proto__" cannot be a name',
  );
});

test("a syntax error is shown where it stands, with what to do", () => {
  const [problem] = readProblems("steps:\n\t- id: a\n");
  expect(problem && formatProblem(problem)).toBe(
    [
      "a.yml:2:1: tabs are not allowed as indentation",
      "    2 | \t- id: a",
      "      | ^",
      "   -> Indent with spaces",
    ].join("\n"),
  );
});

test("all syntax errors are reported together", () => {
  const problems = readProblems("a: @one\nb: `two`\nc: !three 3\n");
  expect(problems.map(({ position }) => position?.line)).toEqual([1, 2, 3]);
});

test("a template without quotes gets the hint to quote it", () => {
  const [problem] = readProblems("content: {{ row.body }}\n");
  expect(problem?.message).toBe("text that begins with a brace must stand in quotes");
});

test.each([
  ["a duplicate field", "a: 1\nb: 2\na: 3\n", '3:1 duplicate duplicate field "a"'],
  ["an unknown tag", "a: !secret x\n", "1:4 yaml unresolved tag: !secret"],
  ["a second document", "a: 1\n---\nb: 2\n", "2:1 yaml the file holds more than one document"],
  ["an infinite number", "a: .inf\n", "1:4 invalid-value this is not a finite number"],
  ["an alias without an anchor", "a: *b\n", '1:4 yaml no anchor "&b" before this alias'],
  ["an alias inside its own anchor", "a: &a [*a]\n", "1:8 too-large aliases expand to too much"],
])("%s is refused", (_, text, problem) => {
  expect(firstProblem(text)).toBe(problem);
});

test("an alias stands for the nearest anchor before it, also when it is expanded later", () => {
  const { value } = readYaml("x: &a 1\ny: &b [*a]\nz: &a 2\nw: [*b, *a]\n", "a.yml");
  expect(JSON.stringify(value)).toBe('{"x":1,"y":[1],"z":2,"w":[[1],2]}');
});

test.each([
  ["flow lists 10⁵ deep", "[".repeat(1e5)],
  ["flow maps 10⁵ deep", "{a: ".repeat(6e4)],
  ["block lists 10⁵ deep", "- ".repeat(1e5)],
  [
    "10⁵ keys in one map",
    Array.from({ length: 1e5 }, (_, key) => `${key.toString(36)}:`).join("\n"),
  ],
  ["10⁵ entries in one list", `[${"a,".repeat(1e5)}]`],
  ["a scalar of 10 MB", "a".repeat(1e7)],
  ["65 levels", `${"[".repeat(65)}${"]".repeat(65)}`],
  [
    "aliases that multiply",
    Array.from({ length: 12 }, (_, at) => {
      return `a${at}: &a${at} [${Array(9).fill(at === 0 ? "x" : `*a${at - 1}`)}]`;
    }).join("\n"),
  ],
  [
    "aliases that nest",
    Array.from({ length: 50 }, (_, at) => `a${at}: &a${at} [[[${at && `*a${at - 1}`}]]]`).join(
      "\n",
    ),
  ],
])("too large: %s", (_, text) => {
  expect(readProblems(text).map(({ code }) => code)).toEqual(["too-large"]);
});

test("64 levels and 2,000 fields are fine", () => {
  expect(readProblems(`${"[".repeat(64)}${"]".repeat(64)}`)).toEqual([]);
  expect(readProblems(Array.from({ length: 2000 }, (_, key) => `f${key}: a`).join("\n"))).toEqual(
    [],
  );
});

test("any text is either read or refused with problems that lie inside it", () => {
  const fragment = fc.constantFrom(
    ..."[]{}:,-?&*!|>'\"%@`#~a1 \t\n\r",
    "- ",
    "a: ",
    "&a ",
    "*a",
    "---\n",
    "\n  ",
    "\uFEFF",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (source) => {
      const lines = source.split("\n");
      for (const { position } of readProblems(source)) {
        const line = lines[(position?.line ?? 0) - 1];
        expect(line?.replace(/\r$/, "")).toBe(position?.excerpt);
        expect(position?.column).toBeLessThanOrEqual((line?.length ?? 0) + 1);
      }
    }),
    { numRuns: 500 },
  );
});
