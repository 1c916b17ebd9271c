import type { CommandContext, StricliProcess } from "@stricli/core";
import type { Terminal } from "../terminal/terminal.ts";
import { EXIT_CODE, type ExitCode } from "./exit-code.ts";

/** What stricli hands to each command. */
export interface RotaContext extends CommandContext {
  readonly process: StricliProcess;
  readonly terminal: Terminal;
}

/** The code of a command: it says what it has to say and answers with the exit code. */
type CommandRun<FLAGS, ARGS extends readonly unknown[]> = (
  terminal: Terminal,
  flags: FLAGS,
  ...args: ARGS
) => Promise<ExitCode>;

/**
 * A command whose code, and with it the engine, is loaded only when it runs: `--help` must not
 * wait for it. Whatever the code throws is reported in people's words.
 */
export function deferCommand<FLAGS, ARGS extends readonly unknown[]>(
  load: () => Promise<CommandRun<FLAGS, ARGS>>,
) {
  return async function (this: RotaContext, flags: FLAGS, ...args: ARGS): Promise<void> {
    const { terminal, process } = this;
    try {
      const [run, { protectEnvironment }] = await Promise.all([
        load(),
        import("../keys/protect-keys.ts"),
      ]);
      protectEnvironment(terminal, terminal.environment);
      process.exitCode = await run(terminal, flags, ...args);
    } catch (error) {
      process.exitCode = EXIT_CODE.bug;
      const { reportError } = await import("./report-error.ts");
      process.exitCode = reportError(error, terminal);
    }
  };
}
