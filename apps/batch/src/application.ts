import {
  buildApplication,
  buildRouteMap,
  ExitCode as StricliExitCode,
  run,
  text_en,
  UnsatisfiedPositionalError,
  type Application,
} from "@stricli/core";
import packageJson from "../package.json" with { type: "json" };
import { checkCommand } from "./commands/check/command.ts";
import { EXIT_CODE } from "./commands/exit-code.ts";
import { initCommand } from "./commands/init/command.ts";
import type { RotaContext } from "./commands/rota-context.ts";
import { runCommand } from "./commands/run/command.ts";
import { simulateCommand } from "./commands/simulate/command.ts";
import type { Terminal } from "./terminal/terminal.ts";

const routes = buildRouteMap<string, RotaContext>({
  routes: {
    run: runCommand,
    check: checkCommand,
    simulate: simulateCommand,
    init: initCommand,
  },
  docs: {
    brief: "Prompt pipelines in YAML over rows of data, on a ring of named API keys.",
    fullDescription: [
      "Prompt pipelines in YAML over rows of data, on a ring of named API keys.",
      "",
      "Begin with an example that needs no key:",
      "  rota init triage",
      "  cd triage && rota run pipeline.yml rows.csv --simulate",
    ].join("\n"),
  },
});

/** @param typed what was typed after `rota`; only for better messages. */
function createApplication(typed: readonly string[]): Application<RotaContext> {
  return buildApplication<RotaContext>(routes, {
    name: "rota",
    versionInfo: { currentVersion: packageJson.version },
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    documentation: { onlyRequiredInUsageLine: true },
    localization: {
      text: {
        ...text_en,
        exceptionWhileParsingArguments(exception, ansiColor) {
          const message = text_en.exceptionWhileParsingArguments.call(this, exception, ansiColor);
          const isHungry =
            exception instanceof UnsatisfiedPositionalError && typed.includes("--simulate");
          return isHungry ? `${message}\n${SIMULATE_IS_HUNGRY}` : message;
        },
      },
    },
  });
}

/** A trap of options whose value may be left out. */
const SIMULATE_IS_HUNGRY =
  "--simulate takes the word after it for a scenario: write it after PIPELINE and ROWS";

/** Runs what was typed. @returns the exit code; see `EXIT_CODE`. */
export async function runApplication(terminal: Terminal): Promise<number> {
  // What stricli says against a wrong command line repeats what was typed.
  let complaint = "";
  const process: RotaContext["process"] = {
    stdout: terminal.stdout,
    stderr: { ...terminal.stderr, write: (text) => void (complaint += text) },
    env: terminal.environment,
  };
  const application = createApplication(terminal.arguments);
  await run(application, terminal.arguments, { process, terminal });
  if (complaint !== "") {
    const { protectEnvironment } = await import("./keys/protect-keys.ts");
    protectEnvironment(terminal, terminal.environment);
    terminal.stderr.write(complaint);
  }
  const code = translateExitCode(Number(process.exitCode));
  const isLost = code === EXIT_CODE.success && !(await terminal.delivered());
  return isLost ? EXIT_CODE.storage : code;
}

/** Stricli's own exit codes are negative: a wrong command line, or else a bug. */
function translateExitCode(code: number): number {
  if (code === StricliExitCode.InvalidArgument || code === StricliExitCode.UnknownCommand) {
    return EXIT_CODE.userMistake;
  }
  return code < 0 ? EXIT_CODE.bug : code;
}
