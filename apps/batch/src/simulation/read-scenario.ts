import { readFileSync } from "node:fs";
import { ProblemsError, type Problem } from "@rota/core";
import { parseScenario, ScenarioError, type Scenario } from "@rota/simulator";
import { BUILT_IN_SCENARIO } from "./built-in-scenario.ts";

/**
 * Reads a scenario file, or the built-in scenario.
 * @throws ProblemsError
 */
export function readScenario(file: string | undefined): Scenario {
  if (file === undefined) return parseScenario(BUILT_IN_SCENARIO, "the built-in scenario");
  const text = readScenarioFile(file);
  try {
    return parseScenario(text, file);
  } catch (cause) {
    if (!(cause instanceof ScenarioError)) throw cause;
    throw new ProblemsError(toProblems(cause, file, text), { cause });
  }
}

function readScenarioFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const message = "the scenario cannot be read";
    const remedy = "Name a scenario file, or leave it out to use the built-in one";
    throw new ProblemsError([{ code: "file-unreadable", file, message, remedy }], { cause });
  }
}

function toProblems(error: ScenarioError, file: string, text: string): Problem[] {
  const lines = text.split("\n");
  return error.problems.map(({ message, path, line, column = 1 }) => ({
    code: "invalid-value",
    file,
    message: path === "" ? message : `${path}: ${message}`,
    remedy: "Correct the scenario",
    ...(line !== undefined && {
      position: { line, column, length: 1, excerpt: lines[line - 1] ?? "" },
    }),
  }));
}
