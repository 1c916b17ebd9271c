import type { Step } from "./pipeline.ts";
import type { Report } from "./read-document.ts";

/**
 * Puts each step behind all that it needs; else they stay as they were written. Steps that wait for
 * each other are reported.
 */
export function orderSteps<S extends Step>(steps: readonly S[], report: Report): S[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const ordered = new Set<S>();
  const waiting: S[] = [];

  function visit(step: S): void {
    if (ordered.has(step)) return;
    const start = waiting.indexOf(step);
    if (start >= 0) {
      reportCycle([...waiting.slice(start), step], report);
      return;
    }
    waiting.push(step);
    for (const id of step.needs) {
      const needed = byId.get(id);
      if (needed) visit(needed);
    }
    waiting.pop();
    ordered.add(step);
  }

  steps.forEach(visit);
  return [...ordered];
}

function reportCycle(cycle: readonly Step[], report: Report): void {
  const [first] = cycle;
  const isSelf = cycle.length === 2;
  report({
    code: "invalid-value",
    message: isSelf
      ? `the step "${first?.id}" needs its own reply`
      : `these steps wait for each other: ${cycle.map(({ id }) => id).join(" -> ")}`,
    remedy: "Remove one of the references between them",
    ...first?.place,
  });
}
