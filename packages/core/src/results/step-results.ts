import type { JsonValue } from "../vocabulary/json.ts";
import {
  weighStatuses,
  type CallRecord,
  type CallResult,
  type CallSelection,
  type CallStatus,
  type JournalReader,
} from "../vocabulary/journal.ts";
import type { Scope, Step, StepOutput } from "../pipeline/pipeline.ts";

/** How the steps of one subject ended, by step. */
export type StepResults = ReadonlyMap<string, CallResult>;

/** Most rows have none yet: a million need not have a map each. */
export const NO_RESULTS: StepResults = new Map();

export function resultsByStep(calls: readonly CallRecord[]): StepResults {
  if (calls.length === 0) return NO_RESULTS;
  const results = new Map<string, CallResult>();
  for (const { id, result } of calls) {
    if (result) results.set(id.step, result);
  }
  return results;
}

/** Those of some steps, in the order of the steps. */
export function pickResults(results: StepResults, steps: readonly Step[]): StepResults {
  if (results.size === 0 || steps.length === 0) return NO_RESULTS;
  const picked = new Map<string, CallResult>();
  for (const { id } of steps) {
    const result = results.get(id);
    if (result) picked.set(id, result);
  }
  return picked;
}

/** How steps over a group or the run ended; results of what is no step any more are left out. */
export async function readResults(
  journal: JournalReader,
  selection: CallSelection,
  steps: readonly Step[],
): Promise<StepResults> {
  return pickResults(resultsByStep(await Array.fromAsync(journal.readCalls(selection))), steps);
}

export function statusOf(results: StepResults): CallStatus {
  return weighStatuses(Array.from(results.values(), ({ status }) => status));
}

/** The first error among a subject's steps. */
export function findError(results: StepResults) {
  for (const [step, { error }] of results) {
    if (error) return { step, code: error.code, message: error.message };
  }
  return undefined;
}

/** Only what is done is a reply: the text of a failed call must not be taken for one. */
export function readReply(
  { kind }: Pick<StepOutput, "kind">,
  { status, text }: CallResult,
): { readonly output: JsonValue; readonly text: string } | undefined {
  if (status !== "done" || text === undefined) return undefined;
  return { output: kind === "text" ? text : JSON.parse(text), text };
}

/** What steps replied, as templates and conditions see it. */
export function showOutputs(results: StepResults, steps: readonly Step[]): Scope["steps"] {
  const outputs: Scope["steps"] = {};
  for (const { id, output } of steps) {
    const result = results.get(id);
    const reply = result && readReply(output, result);
    if (reply) outputs[id] = reply;
  }
  return outputs;
}
