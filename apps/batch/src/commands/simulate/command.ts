import { buildCommand } from "@stricli/core";
import { parsePort } from "../parse-option.ts";
import { deferCommand, type RotaContext } from "../rota-context.ts";
import type { SimulateFlags } from "./simulate-flags.ts";

export const simulateCommand = buildCommand<SimulateFlags, [string?], RotaContext>({
  func: deferCommand(async () => (await import("./run-simulate.ts")).runSimulate),
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "SCENARIO",
          brief: "Keys, limits, latencies and faults, as .yml (default: four keys)",
          parse: String,
          optional: true,
        },
      ],
    },
    flags: {
      port: {
        kind: "parsed",
        parse: parsePort,
        default: "0",
        placeholder: "N",
        brief: "Where to listen on 127.0.0.1; 0 takes a free port",
      },
    },
  },
  docs: {
    brief: "Serve the simulator, for rota or any OpenAI client",
    fullDescription: `Serves an OpenAI-compatible API on 127.0.0.1 with limits, latencies and faults, and no model
behind it. Says how to point a client at it; ends with Ctrl-C.

Example:
  rota simulate --port 8080`,
  },
});
