import { spawn, type ChildProcess } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunFolder } from "./run-folder.ts";

const main = fileURLToPath(new URL("../../../apps/batch/src/main.ts", import.meta.url));

/** What the tests type, in a folder of `prepareRun`. */
export const RUN =
  "run pipeline.yml rows.csv --keys keys.yml --progress none --json -o results.csv -o results.jsonl".split(
    " ",
  );

/** What is typed, with these outputs. */
export const runInto = (...outputs: string[]) => [
  ...RUN.slice(0, RUN.indexOf("-o")),
  ...outputs.flatMap((output) => ["-o", output]),
];

/** Node keeps what it made of the sources, at its usual place: half of a short run is starting. */
const QUICK_START = {
  NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"),
  ROTA_LIMITS_DIR: process.env["ROTA_LIMITS_DIR"] ?? join(tmpdir(), "rota-limits-of-tests"),
};

export interface Ending {
  /** Null after a kill. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RotaProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
}

/**
 * Starts the command in a folder, in an environment of its own.
 * @param under a command to run it under, with its arguments
 */
export function startRota(
  { path }: RunFolder,
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = RUN,
  under: readonly string[] = [],
): RotaProcess {
  // Without "--" Node itself would take an option that is meant for the command.
  const [command = "", ...line] = [...under, process.execPath, "--", main, ...args];
  const child = spawn(command, line, {
    cwd: path,
    env: { ...QUICK_START, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Ending>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return {
    child,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Runs the command to its end. */
export function runRota(
  folder: RunFolder,
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = RUN,
  under: readonly string[] = [],
): Promise<Ending> {
  return startRota(folder, environment, args, under).ended;
}
