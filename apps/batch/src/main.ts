import { runApplication } from "./application.ts";
import { createProcessTerminal } from "./terminal/process-terminal.ts";

const terminal = createProcessTerminal(process);

process.on("uncaughtException", (error) => void endWith(error));
process.exitCode = await runApplication(terminal);

async function endWith(error: unknown): Promise<never> {
  const { reportError } = await import("./commands/report-error.ts");
  return terminal.exit(reportError(error, terminal));
}
