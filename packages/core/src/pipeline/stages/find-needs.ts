import type { CompletedStep } from "../complete-step.ts";

/** That one step waits for another, and how it comes to need it. */
export interface Need {
  readonly id: string;
  readonly how: NeedKind;
}

/**
 * `reply`: it refers to it as `steps.ID`. `named`: under `needs`. `grouping`: in `groupBy`. `rows`
 * and `groups`: it looks at its replies through the rows or groups that it sees.
 */
export type NeedKind = "reply" | "named" | "grouping" | "rows" | "groups";

/** What each step waits for, by id: steps that are there, each once. */
export function findNeeds(steps: readonly CompletedStep[]): Map<string, readonly Need[]> {
  const byId = new Map(steps.map((completed) => [completed.step.id, completed]));
  const needs = new Map(steps.map((completed) => [completed.step.id, listNeeds(completed, byId)]));
  for (const { step, references } of steps) {
    if (step.per !== "run" || !references.some(({ path: [root] }) => root === "groups")) continue;
    // One after the other: of two steps over all groups, the first may need a group of the second.
    for (const { step: other } of steps) {
      if (other.per !== "group" || reaches(other.id, step.id, needs)) continue;
      needs.set(step.id, addNeed(needs.get(step.id) ?? [], { id: other.id, how: "groups" }));
    }
  }
  return needs;
}

function listNeeds(
  { step, references, named, grouping, texts }: CompletedStep,
  byId: ReadonlyMap<string, CompletedStep>,
): readonly Need[] {
  const found: Need[] = [
    ...listStepIds(references).map((id) => ({ id, how: "reply" }) as const),
    ...listStepIds(named).map((id) => ({ id, how: "named" }) as const),
    ...listStepIds(grouping?.references ?? []).map((id) => ({ id, how: "grouping" }) as const),
  ];
  if (step.per !== "row") {
    for (const id of texts.flatMap(findMentions)) {
      const isGroup = step.per === "run" && byId.get(id)?.step.per === "group";
      found.push({ id, how: isGroup ? "groups" : "rows" });
    }
  }
  return found.filter(({ id }) => byId.has(id)).reduce<readonly Need[]>(addNeed, []);
}

/**
 * `steps` as a part of something else, with a step's name behind it: `r.steps.classify`,
 * `r["steps"]["classify"]`, or in the text that a filter takes, `"steps.classify.output"`.
 */
const MENTION = /[.'"]\s*steps(?:["']\s*\])?\s*(?:\.\s*|\[\s*["'])([A-Za-z]\w*)/g;

/**
 * Names of the steps whose replies a template or condition may look at through rows or groups. They
 * are found by their form in the text, since a loop can give a row any name.
 */
function findMentions(text: string): string[] {
  return Array.from(text.matchAll(MENTION), ([, id = ""]) => id);
}

function listStepIds(references: CompletedStep["references"]): string[] {
  return references.flatMap(({ path: [root, id] }) =>
    root === "steps" && id !== undefined ? [id] : [],
  );
}

function addNeed(needs: readonly Need[], need: Need): readonly Need[] {
  return needs.some(({ id }) => id === need.id) ? needs : [...needs, need];
}

function reaches(
  from: string,
  to: string,
  needs: ReadonlyMap<string, readonly Need[]>,
  seen = new Set<string>(),
): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return (needs.get(from) ?? []).some(({ id }) => reaches(id, to, needs, seen));
}
