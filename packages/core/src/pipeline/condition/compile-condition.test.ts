import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../vocabulary/json.ts";
import { ProblemsError } from "../../vocabulary/problem.ts";
import type { Problem } from "../../vocabulary/problem.ts";
import type { Per } from "../../vocabulary/subject.ts";
import { compileCondition } from "./compile-condition.ts";
import { ConditionError } from "./condition-error.ts";
import type { ColumnType } from "../../vocabulary/column-type.ts";
import { sourceOfFile } from "../section/source-text.ts";

const columns = new Map<string, ColumnType>([
  ["body", "string"],
  ["price", "number"],
]);

function compile(text: string, types?: ReadonlyMap<string, ColumnType>, per: Per = "row") {
  const problems: Problem[] = [];
  const source = sourceOfFile("p.yml", text, (problem) => problems.push(problem));
  const compiled = compileCondition(source, per, types);
  return { compiled, problems };
}

function evaluate(text: string, row: Record<string, JsonValue>, output: JsonValue = null): boolean {
  const { compiled, problems } = compile(text);
  if (!compiled || problems.length > 0) throw new ProblemsError(problems);
  return compiled.condition.evaluate({ row, steps: { classify: { output, text: "" } } });
}

test("conditions see the row and the replies of steps", () => {
  const text = `row.language == "de" && steps.classify.output.urgency == "high"`;
  expect(evaluate(text, { language: "de" }, { urgency: "high" })).toBe(true);
  expect(evaluate(text, { language: "de" }, { urgency: "low" })).toBe(false);
});

test.each([
  "row.price > 3",
  "row.price == 5",
  "row.price >= 4.5",
  "row.price in [1, 5]",
  "row.price + 1 == 6",
  "1 + row.price == 6",
  "row.price / 2 == 2.5",
  "row.price % 2 == 1",
  "row.price * 2 - 1 < 10",
  "size(row.body) + row.price > 7",
])("numbers of rows calculate and compare with whole numbers: %s", (text) => {
  expect(evaluate(text, { price: 5, body: "abc" })).toBe(true);
});

test.each([
  [`row["a b"] == "x"`, true],
  ["has(row.zz)", false],
  ["row.none == null", true],
  [`row.list.exists(item, item.name == "y")`, true],
  [`row["a b"].contains("X".lowerAscii())`, true],
])("%s is %s", (text, result) => {
  expect(evaluate(text, { "a b": "x", none: null, list: [{ name: "y" }] })).toBe(result);
});

test("what a condition refers to is listed with its place", () => {
  const { compiled } = compile(`has(row.a) && steps["x"].output.list[0] == row["b c"]`);
  expect(
    compiled?.references.map(({ path, place }) => [path.join("/"), place.position?.column]),
  ).toEqual([
    ["row/a", 5],
    ["steps/x/output/list", 15],
    ["row/b c", 44],
  ]);
});

describe("what a condition sees depends on how often its step runs", () => {
  const done = { status: "done", steps: { classify: { output: { urgency: "high" } } } };
  const failed = { status: "failed", steps: {} };
  const group = { key: "Mail", rows: [done, failed], counts: { total: 2, failed: 1 } };

  test.each([
    `group.key == "Mail" && size(group.rows) == 2`,
    "group.counts.total - group.counts.failed == 1",
    `group.rows.exists(r, r.status == "done" && r.steps.classify.output.urgency == "high")`,
    `steps.summary.output == "fine"`,
  ])("for each group: %s", (text) => {
    const { compiled, problems } = compile(text, columns, "group");
    expect(problems).toEqual([]);
    const steps = { summary: { output: "fine", text: "fine" } };
    expect(compiled?.condition.evaluate({ group, steps })).toBe(true);
  });

  test("for the run", () => {
    const text = `groups.exists(g, g.counts.failed > 0) && size(rows) == 2 && run.name == "p"`;
    const { compiled, problems } = compile(text, undefined, "run");
    expect(problems).toEqual([]);
    const scope = { rows: [done, failed], groups: [group], run: { name: "p" }, steps: {} };
    expect(compiled?.condition.evaluate(scope)).toBe(true);
    expect(compiled?.references.map(({ path }) => path.join("."))).toEqual([
      "groups",
      "rows",
      "run.name",
    ]);
  });

  test.each<[Per, string, string]>([
    ["group", `row.product == "Mail"`, "group.rows are its rows"],
    ["group", "size(rows) > 1", "group.rows are its rows"],
    ["run", `group.key == "Mail"`, "Begin with rows, groups, run or steps"],
    ["row", `group.key == "Mail"`, "row.NAME is a column"],
  ])("per %s, not %s", (per, text, remedy) => {
    const { problems } = compile(text, undefined, per);
    expect(problems.map((problem) => problem.remedy)).toEqual([expect.stringContaining(remedy)]);
  });
});

describe("a problem is reported where it stands", () => {
  test.each([
    ["row.a ==", "cannot be read: Unexpected token: EOF", 9],
    [`row.a == "x" && rwo.b == "y"`, "Unknown variable: rwo", 17],
    [`true || shout(row.a)`, "found no matching overload for 'shout(dyn)'", 9],
    [`"a" > 3`, "no such overload: string > int", 1],
    ["size(row.a)", "it gives int, not true or false", 1],
    [`row.a.matches("(a+)+")`, "cannot use matches()", 1],
    [`true${" && true".repeat(600)}`, "longer than 4000 characters", 1],
    [`${"(".repeat(40)}true${")".repeat(40)}`, "Exceeded maxDepth", 33],
  ])("%s", (text, message, column) => {
    const { problems } = compile(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.position?.column).toBe(column);
  });

  test("text columns are not taken for numbers when their types are declared", () => {
    expect(compile("row.body > 3").problems).toEqual([]);
    expect(compile("row.body > 3", columns).problems).toHaveLength(1);
    expect(compile("row.body", columns).problems).toHaveLength(1);
    expect(compile("row.price > 3 && row.price != null", columns).problems).toEqual([]);
  });
});

test.each([
  ["a missing value", "row.zz == 1"],
  ["values that cannot be compared", "row.body > 3"],
  ["an answer that is neither true nor false", "row.body"],
  ["a name that only a prototype has", "row.constructor == 1"],
  ["a function that fails", "int(row.body) > 3"],
])("%s is an error of the row", (_, text) => {
  expect(() => evaluate(text, { body: "x" })).toThrow(ConditionError);
});

test("loops inside of loops inside of loops are refused, with the place", () => {
  const inner = "row.list.exists(a, row.list.exists(b, row.list.exists(c, a == b && b == c)))";
  expect(compile(inner).problems).toMatchObject([
    { message: expect.stringContaining("a condition may loop inside of one other loop") },
  ]);
  expect(compile("row.list.exists(a, row.list.exists(b, a == b))").problems).toEqual([]);
});
