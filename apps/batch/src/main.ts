import { runApplication } from "./application.ts";
import { createProcessTerminal } from "./terminal/process-terminal.ts";

const terminal = createProcessTerminal(process);

process.on("uncaughtException", (error) => {
  void import("./commands/report-error.ts").then(({ reportError }) =>
    terminal.exit(reportError(error, terminal)),
  );
});

process.exitCode = await runApplication(terminal);
