import { buildCommand } from "@stricli/core";
import { deferCommand, type RotaContext } from "../rota-context.ts";
import type { CheckFlags } from "./check-flags.ts";

export const checkCommand = buildCommand<CheckFlags, [string, string?], RotaContext>({
  func: deferCommand(async () => (await import("./run-check.ts")).runCheck),
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        { placeholder: "PIPELINE", brief: "A pipeline file, or a .prompt.yml", parse: String },
        {
          placeholder: "ROWS",
          brief: "The rows, as .csv or .jsonl",
          parse: String,
          optional: true,
        },
      ],
    },
    flags: {
      keys: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "The key file (default: rota.keys.yml, then the environment)",
      },
      envFile: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "Read environment variables from FILE; those already set win",
      },
      json: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Print one object on stdout",
      },
    },
  },
  docs: {
    brief: "Find everything that is wrong, or show what a run would do",
    fullDescription: `Finds everything that is wrong with a pipeline, its rows and its keys, all at once. Else shows
what a run would do, with the messages of the first row. Sends nothing.

Example:
  rota check triage.yml tickets.csv

Exit codes:
  0    nothing is wrong
  2    something is wrong`,
  },
});
