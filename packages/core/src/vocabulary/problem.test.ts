import { expect, test } from "vitest";
import { collectProblems, type Problem, ProblemsError } from "./problem.ts";

const PROBLEM: Problem = { code: "no-key", message: "there is no key", remedy: "Set one" };
const OTHER: Problem = { code: "yaml", message: "no YAML", remedy: "Mend it" };

test("what an action throws as problems is reported, and it has no result", () => {
  const found: Problem[] = [];
  const result = collectProblems(
    (problem) => void found.push(problem),
    () => {
      throw new ProblemsError([PROBLEM, OTHER]);
    },
  );
  expect(result).toBeUndefined();
  expect(found).toEqual([PROBLEM, OTHER]);
});

test("what an action rejects with as problems is reported as well", async () => {
  const found: Problem[] = [];
  const result = await collectProblems(
    (problem) => void found.push(problem),
    async () => {
      await Promise.resolve();
      throw new ProblemsError([PROBLEM]);
    },
  );
  expect(result).toBeUndefined();
  expect(found).toEqual([PROBLEM]);
});

test("the result of an action comes back, at once or as a promise", async () => {
  const report = () => expect.unreachable();
  expect(collectProblems(report, () => 7)).toBe(7);
  const later = collectProblems(report, async () => 8);
  expect(later).toBeInstanceOf(Promise);
  expect(await later).toBe(8);
});

test("any other error is thrown on", async () => {
  const report = () => expect.unreachable();
  const fail = () => {
    throw new TypeError("a bug");
  };
  expect(() => collectProblems(report, fail)).toThrow(TypeError);
  await expect(collectProblems(report, async () => fail())).rejects.toThrow(TypeError);
});
