import { buildCommand } from "@stricli/core";
import { deferCommand, type RotaContext } from "../rota-context.ts";

type NoFlags = Readonly<Record<string, never>>;

export const initCommand = buildCommand<NoFlags, [string?], RotaContext>({
  func: deferCommand(async () => (await import("./run-init.ts")).runInit),
  parameters: {
    flags: {},
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "DIRECTORY",
          brief: "Where to write it; is made if need be (default: here)",
          parse: String,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief: "Write a small example to start from",
    fullDescription: `Writes a small pipeline, rows, a key file and a report template. Never changes a file that is there.

Example:
  rota init triage`,
  },
});
