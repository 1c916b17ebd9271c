import { buildCommand } from "@stricli/core";
import { PROGRESS_MODES } from "../../progress/progress-mode.ts";
import { parseConcurrency, parseErrorRate, parseRowRange, parseUsd } from "../parse-option.ts";
import { deferCommand, type RotaContext } from "../rota-context.ts";
import { ON_UNCERTAIN, type RunFlags } from "./run-flags.ts";

export const runCommand = buildCommand<RunFlags, [string, string], RotaContext>({
  func: deferCommand(async () => (await import("./run-run.ts")).runRun),
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        { placeholder: "PIPELINE", brief: "A pipeline file, or a .prompt.yml", parse: String },
        { placeholder: "ROWS", brief: "The rows, as .csv or .jsonl", parse: String },
      ],
    },
    flags: {
      output: {
        kind: "parsed",
        parse: String,
        optional: true,
        variadic: true,
        placeholder: "FILE",
        brief: "Write results to FILE, .csv, .jsonl or .md, in place of the pipeline's; repeatable",
      },
      keys: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "The key file (default: rota.keys.yml, then the environment)",
      },
      concurrency: {
        kind: "parsed",
        parse: parseConcurrency,
        optional: true,
        placeholder: "N",
        brief: "Calls in flight at one time, at most",
      },
      budgetUsd: {
        kind: "parsed",
        parse: parseUsd,
        optional: true,
        placeholder: "X",
        brief: "Stop before the run costs more than X dollars",
      },
      maxErrorRate: {
        kind: "parsed",
        parse: parseErrorRate,
        optional: true,
        placeholder: "R",
        brief: "Share of rows that may fail, from 0 to 1",
      },
      rows: {
        kind: "parsed",
        parse: parseRowRange,
        optional: true,
        placeholder: "A:B",
        brief: "Only the rows A to B, counted from 1, both included",
      },
      stateDir: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "DIR",
        brief: "Where unfinished runs are kept (default: .rota)",
      },
      fresh: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Start over instead of continuing an earlier run",
      },
      retryErrors: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Try the failed rows of the earlier run again",
      },
      onUncertain: {
        kind: "enum",
        values: ON_UNCERTAIN,
        optional: true,
        brief: "What to do with calls that a killed process left open (default: resend)",
      },
      simulate: {
        kind: "parsed",
        parse: String,
        inferEmpty: true,
        optional: true,
        placeholder: "[SCENARIO]",
        brief: "Run on the embedded simulator; SCENARIO is a file; put it after ROWS",
      },
      envFile: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "Read environment variables from FILE; those already set win",
      },
      progress: {
        kind: "enum",
        values: PROGRESS_MODES,
        default: "auto",
        brief: "How to show progress",
      },
      json: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Print one summary object on stdout",
      },
    },
    aliases: { o: "output", j: "concurrency" },
  },
  docs: {
    brief: "Run a pipeline over rows, or continue an unfinished run",
    fullDescription: `Runs a pipeline over rows. The same command again continues an unfinished run.

Examples:
  rota run triage.yml tickets.csv -o results.csv --budget-usd 5
  rota run triage.yml tickets.csv --simulate

Exit codes:
  0    every row is accounted for, within the tolerated error rate
  1    more rows failed than tolerated
  2    a mistake in the pipeline, the rows or the options; nothing was sent
  3    stopped by the budget; resumable
  4    no usable key left; resumable
  5    no server answered for as long as limits.outageMinutes allows; resumable
  6    limits would keep it waiting for longer than limits.maxWaitMinutes; resumable
  7    every call is refused in the same words; resumable
  70   a bug in rota; resumable
  74   the disk did not take or give what it should, or nobody read --json; resumable
  130  interrupted; resumable`,
  },
});
