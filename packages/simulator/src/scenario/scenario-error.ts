export interface ScenarioProblem {
  readonly message: string;
  /** Where in the scenario, such as `faults[2].kind`; empty for the whole. */
  readonly path: string;
  /** 1-based; undefined when the scenario was not read from a text. */
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** A scenario that cannot be used, with everything that is wrong with it. */
export class ScenarioError extends Error {
  readonly problems: readonly ScenarioProblem[];

  constructor(fileName: string, problems: readonly ScenarioProblem[], options?: ErrorOptions) {
    const lines = problems.map(
      (problem) => `  ${describePlace(fileName, problem)}${problem.message}`,
    );
    super(`This simulator scenario cannot be used:\n${lines.join("\n")}`, options);
    this.name = "ScenarioError";
    this.problems = problems;
  }
}

function describePlace(fileName: string, problem: ScenarioProblem): string {
  const position = problem.line === undefined ? "" : `:${problem.line}:${problem.column}`;
  const path = problem.path === "" ? "" : `${problem.path}: `;
  return `${fileName}${position}: ${path}`;
}
