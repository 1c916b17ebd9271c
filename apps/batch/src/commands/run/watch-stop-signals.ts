import type { ProgressDisplay } from "../../progress/progress-display.ts";
import { rephraseCommand } from "../../summary/rephrase-command.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { EXIT_CODE } from "../exit-code.ts";

/**
 * Turns SIGINT, SIGTERM and SIGHUP into stopping:
 *
 * - running: the first signal aborts `stop` → stopping
 * - stopping: the run ends what is in flight; a second signal ends the process at once
 *
 * `close` gives the signals back their usual meaning.
 */
export function watchStopSignals(
  terminal: Terminal,
  display: ProgressDisplay,
): { readonly stop: AbortSignal; close(): void } {
  const controller = new AbortController();
  const forget = terminal.onStopSignal(() => {
    if (controller.signal.aborted) {
      display.close();
      const { arguments: typed, environment, stderr } = terminal;
      const command = rephraseCommand(typed, environment, { without: ["--fresh"] });
      stderr.write(`Quit at once; finished rows are kept. Continue with:\n  ${command}\n`);
      terminal.exit(EXIT_CODE.interrupted);
    }
    controller.abort(new Error("interrupted by a signal"));
    display.note(
      "Stopping: calls in flight may finish for a few seconds; a second signal (Ctrl-C) quits at once.",
    );
  });
  return { stop: controller.signal, close: forget };
}
