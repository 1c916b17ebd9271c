import type { Per } from "../../vocabulary/subject.ts";
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
  { step, references, named, grouping, mentions }: CompletedStep,
  byId: ReadonlyMap<string, CompletedStep>,
): readonly Need[] {
  const found: Need[] = [
    ...listStepIds(references).map((id) => ({ id, how: "reply" }) as const),
    ...listStepIds(named).map((id) => ({ id, how: "named" }) as const),
    ...listStepIds(grouping?.references ?? []).map((id) => ({ id, how: "grouping" }) as const),
  ];
  for (const id of mentions) {
    const how = throughWhat(step.per, byId.get(id)?.step.per);
    if (how) found.push({ id, how });
  }
  return found.filter(({ id }) => byId.has(id)).reduce<readonly Need[]>(addNeed, []);
}

/** Any other mention is reported as a mistake. */
function throughWhat(by: Per, mentioned: Per | undefined): "rows" | "groups" | undefined {
  if (mentioned === "row") return "rows";
  return mentioned === "group" && by === "run" ? "groups" : undefined;
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
