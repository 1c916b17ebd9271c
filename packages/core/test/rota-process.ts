import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RunFolder } from "./run-folder.ts";

const main = fileURLToPath(new URL("../../../apps/batch/src/main.ts", import.meta.url));

/** What the tests type, in a folder of `prepareRun`. */
export const RUN =
  "run pipeline.yml rows.csv --keys keys.yml --progress none --json -o results.csv -o results.jsonl".split(
    " ",
  );

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
  // The shell sets the umask, which is a property of the process, and makes way for Node.
  const command = 'umask 000; exec "$@"';
  const line = [...under, process.execPath, "--", main, ...args];
  const child = spawn("/bin/sh", ["-c", command, "sh", ...line], {
    cwd: path,
    env: environment,
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
): Promise<Ending> {
  return startRota(folder, environment, args).ended;
}
