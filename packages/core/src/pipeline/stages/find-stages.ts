import type { Grouping, Stage, Step } from "../pipeline.ts";

/** What a step's stage is over. */
export type StageKind =
  | { readonly per: "row" }
  | { readonly per: "group"; readonly grouping: Grouping }
  | { readonly per: "run" };

export interface StagedStep {
  readonly step: Step;
  readonly kind: StageKind;
}

/**
 * Puts steps into stages, each as early as what it needs allows. Again and again, of the steps
 * whose needs are met, those per row make a stage; if there is none, those over one grouping, the
 * first written; if there is none, those over the run. With them go the steps of the same kind that
 * wait only for them. So steps over groups and the run see as much of the rows as they can.
 * @returns the stages, and the steps that can never start, since some wait for each other
 */
export function findStages(steps: readonly StagedStep[]): {
  readonly stages: readonly Stage[];
  readonly stuck: readonly Step[];
} {
  const stages: Stage[] = [];
  const placed = new Set<string>();
  let waiting = steps;
  for (;;) {
    const kind = chooseKind(waiting.filter(({ step }) => isReady(step, placed)));
    if (!kind) return { stages, stuck: waiting.map(({ step }) => step) };
    const taken = takeStage(waiting, kind, placed);
    waiting = waiting.filter(({ step }) => !taken.includes(step));
    stages.push({ ...kind, steps: sortByNeeds(taken) });
  }
}

function isReady({ needs }: Step, placed: ReadonlySet<string>): boolean {
  return needs.every((id) => placed.has(id));
}

function chooseKind(ready: readonly StagedStep[]): StageKind | undefined {
  const first = (per: StageKind["per"]) => ready.find(({ kind }) => kind.per === per)?.kind;
  return first("row") ?? first("group") ?? first("run");
}

/** Adds their names to those that are placed. */
function takeStage(
  waiting: readonly StagedStep[],
  kind: StageKind,
  placed: Set<string>,
): readonly Step[] {
  const candidates = waiting.filter((other) => isSameKind(other.kind, kind));
  const taken = new Set<Step>();
  let count: number;
  do {
    count = taken.size;
    for (const { step } of candidates) {
      if (taken.has(step) || !isReady(step, placed)) continue;
      taken.add(step);
      placed.add(step.id);
    }
  } while (taken.size > count);
  return candidates.map(({ step }) => step).filter((step) => taken.has(step));
}

function isSameKind(a: StageKind, b: StageKind): boolean {
  return a.per === "group" && b.per === "group" ? a.grouping === b.grouping : a.per === b.per;
}

/** Each behind all that it needs; else they stay as they are. None may wait for each other. */
function sortByNeeds(steps: readonly Step[]): readonly Step[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const sorted = new Set<Step>();
  const visit = (step: Step | undefined): void => {
    if (!step || sorted.has(step)) return;
    for (const id of step.needs) visit(byId.get(id));
    sorted.add(step);
  };
  steps.forEach(visit);
  return [...sorted];
}
