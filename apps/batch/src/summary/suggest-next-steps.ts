import type { RunSummary } from "@rota/core";
import type { Environment } from "../terminal/terminal.ts";
import type { NextStep } from "./format-next-steps.ts";
import { rephraseCommand } from "./rephrase-command.ts";

export interface RunCircumstances {
  /** What was typed after `rota`. */
  readonly typed: readonly string[];
  readonly environment: Environment;
  /** The scenario as typed, when the run is simulated with one. */
  readonly scenarioFile: string | undefined;
  /** Where real keys would come from, such as `rota.keys.yml` or `OPENAI_API_KEY`. */
  readonly keySource: string | undefined;
}

/** What a user is most likely to want after a run. */
export function suggestNextSteps(summary: RunSummary, circumstances: RunCircumstances): NextStep[] {
  const { typed, environment, scenarioFile, keySource } = circumstances;
  const steps: NextStep[] = [];
  const [firstOutput] = summary.outputs;
  if (isResumable(summary.status)) {
    const command = rephraseCommand(typed, environment, { without: ["--fresh"] });
    steps.push({ what: RESUME_WORDS[summary.status], command });
  }
  if (firstOutput !== undefined) steps.push({ what: `Open ${firstOutput}` });
  const failed = nameFailed(summary);
  if (failed !== undefined && !isResumable(summary.status)) {
    const command = rephraseCommand(typed, environment, {
      without: ["--fresh", "--retry-errors"],
      with: ["--retry-errors"],
    });
    steps.push({ what: `Try the failed ${failed} again`, command });
  }
  if (summary.simulated && !isResumable(summary.status)) {
    const command = rephraseCommand(typed, environment, {
      without: ["--simulate", "--fresh"],
      values: scenarioFile === undefined ? [] : [scenarioFile],
    });
    const what =
      keySource === undefined
        ? "Run it on real keys: set OPENAI_API_KEY, or name your keys in rota.keys.yml, and type"
        : `Run it on your real keys (${keySource})`;
    steps.push({ what, command });
  }
  return steps;
}

/** What a further try would be for; of steps over the run the summary says too little. */
function nameFailed({ rows, groups }: RunSummary): string | undefined {
  const names = [
    ...(rows.failed > 0 ? ["rows"] : []),
    ...(groups !== undefined && groups.failed > 0 ? ["groups"] : []),
  ];
  return names.length > 0 ? names.join(" and ") : undefined;
}

type ResumableStatus = Exclude<RunSummary["status"], "completed" | "failed">;

const RESUME_WORDS: Readonly<Record<ResumableStatus, string>> = {
  interrupted: "Nothing is lost; continue with",
  budget:
    "Nothing is lost; continue with a larger budget, by --budget-usd in place of the present one",
  "no-usable-key": "Nothing is lost; with usable keys continue with",
  outage: "Nothing is lost; when the server answers again continue with",
  "refused-alike":
    "Nothing is lost; with the cause corrected continue with (or begin anew with --fresh)",
  limits: "Nothing is lost; when the limits leave room again continue with",
  environment: "Nothing is lost; from where the server may be used continue with",
};

function isResumable(status: RunSummary["status"]): status is ResumableStatus {
  return status !== "completed" && status !== "failed";
}
