import type { Step } from "../pipeline.ts";
import type { ReportProblem } from "../../vocabulary/problem.ts";
import type { Need, NeedKind } from "./find-needs.ts";

/** Reports the steps that wait for each other, among those that can never start. */
export function reportCycles(
  stuck: readonly Step[],
  needs: ReadonlyMap<string, readonly Need[]>,
  reportProblem: ReportProblem,
): void {
  for (const cycle of findCycles(stuck)) {
    const [first] = cycle;
    reportProblem({
      code: "invalid-value",
      message: describeCycle(cycle, needs),
      remedy: "Remove one of the references between them",
      ...first?.place,
    });
  }
}

/** Each begins and ends with the same step. */
function findCycles(steps: readonly Step[]): (readonly Step[])[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const done = new Set<Step>();
  const path: Step[] = [];
  const cycles: (readonly Step[])[] = [];

  function visit(step: Step | undefined): void {
    if (!step || done.has(step)) return;
    const start = path.indexOf(step);
    if (start >= 0) {
      cycles.push([...path.slice(start), step]);
      return;
    }
    path.push(step);
    for (const id of step.needs) visit(byId.get(id));
    path.pop();
    done.add(step);
  }

  steps.forEach(visit);
  return cycles;
}

function describeCycle(
  cycle: readonly Step[],
  needs: ReadonlyMap<string, readonly Need[]>,
): string {
  const ids = cycle.map(({ id }) => id);
  const hows = ids.slice(1).flatMap((to, index) => {
    const from = ids[index] ?? "";
    const how = needs.get(from)?.find(({ id }) => id === to)?.how;
    return how ? describeNeed(from, to, how) : [];
  });
  const reasons = hows.length > 0 ? `; ${hows.join(", ")}` : "";
  return ids.length === 2
    ? `the step "${ids[0]}" needs its own reply${reasons}`
    : `these steps wait for each other: ${ids.join(" -> ")}${reasons}`;
}

/** References by name show where the steps are; these have to be said. */
function describeNeed(from: string, to: string, how: NeedKind): string[] {
  switch (how) {
    case "reply":
    case "named":
      return [];
    case "grouping":
      return [`"${from}" groups its rows by the reply of "${to}"`];
    case "rows":
    case "groups":
      return [`"${from}" looks at "${to}" through its ${how}`];
  }
}
