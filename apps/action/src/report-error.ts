import { inspect } from "node:util";
import { ProblemsError, RotaError, RunChangedError, StorageError } from "@rota/core";
import { MAX_ANNOTATIONS } from "./max-annotations.ts";
import type { Runner } from "./runner.ts";
import { writeFailure, writeProblems } from "./write-problems.ts";

/** Fails the step: with its problems on the lines where they are, or with what went wrong. */
export async function reportError(runner: Runner, error: unknown): Promise<void> {
  if (error instanceof ProblemsError) return reportProblems(runner, error);
  const message = explainError(error);
  const redact = (text: string) => runner.redact(text);
  runner.fail(message);
  await runner.addSummary(writeFailure(message, redact));
}

function explainError(error: unknown): string {
  if (error instanceof RunChangedError) {
    return `${error.facts} Undo the change and re-run the job to continue, or ${START_ANEW}`;
  }
  if (error instanceof StorageError && error.facts !== undefined) {
    return `${error.facts} To begin again, ${START_ANEW}`;
  }
  if (error instanceof RotaError && error.kind !== "bug") return error.message;
  return `This is a bug in Rota. ${inspect(error, { maxStringLength: null })}`;
}

/** Each run of a workflow has a journal of its own, which its re-runs continue: see `locateState`. */
const START_ANEW =
  'start the workflow anew: a new run takes "pipeline" and "rows" as they are then.';

async function reportProblems(runner: Runner, { problems }: ProblemsError): Promise<void> {
  for (const { message, remedy, file, position } of problems.slice(0, MAX_ANNOTATIONS)) {
    const place = { file, line: position?.line, column: position?.column };
    const text = `${message}. ${remedy}`;
    runner.annotate({ level: "error", title: "Nothing was sent", message: text, ...place });
  }
  const redact = (text: string) => runner.redact(text);
  const [first] = problems;
  const count = problems.length;
  runner.fail(count === 1 && first ? first.message : `${count} problems; nothing was sent`);
  await runner.addSummary(writeProblems(problems, redact));
}
