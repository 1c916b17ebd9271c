import type { Stage, Step } from "../pipeline/pipeline.ts";

export type GroupStage = Extract<Stage, { readonly per: "group" }>;

/**
 * What the rows, or the run, are taken through in one go. Groups are gathered while rows go past,
 * so that each can begin as its last row ends: stages over groups belong to the pass before them.
 */
export type Pass =
  | {
      readonly kind: "rows";
      /** Empty when rows go past only to be gathered. */
      readonly steps: readonly Step[];
      readonly groupStages: readonly GroupStage[];
      /** Row steps of the passes before. */
      readonly earlierSteps: readonly Step[];
      /** True when nothing goes before it: how a row ends then follows from the row alone. */
      readonly isFirst: boolean;
      /** True when no later pass has steps for rows: a row that went through it has ended. */
      readonly endsRows: boolean;
    }
  | {
      readonly kind: "run";
      readonly steps: readonly Step[];
      /** Row steps of the passes before. */
      readonly earlierSteps: readonly Step[];
    };

/** Puts the stages of a pipeline into the passes that they take. */
export function arrangePasses(stages: readonly Stage[]): Pass[] {
  const lastRowStage = stages.findLastIndex(({ per }) => per === "row");
  const passes: Pass[] = [];
  const earlierSteps: Step[] = [];
  for (let index = 0; index < stages.length; index += 1) {
    const stage = stages[index];
    if (!stage) break;
    const before = [...earlierSteps];
    if (stage.per === "run") {
      passes.push({ kind: "run", steps: stage.steps, earlierSteps: before });
      continue;
    }
    const steps = stage.per === "row" ? stage.steps : [];
    const groupStages = takeGroupStages(stages.slice(stage.per === "row" ? index + 1 : index));
    const endsRows = index === lastRowStage;
    const isFirst = index === 0;
    passes.push({ kind: "rows", steps, groupStages, earlierSteps: before, isFirst, endsRows });
    earlierSteps.push(...steps);
    index += groupStages.length - (stage.per === "row" ? 0 : 1);
  }
  return passes;
}

function takeGroupStages(stages: readonly Stage[]): GroupStage[] {
  const groupStages: GroupStage[] = [];
  for (const stage of stages) {
    if (stage.per !== "group") break;
    groupStages.push(stage);
  }
  return groupStages;
}
