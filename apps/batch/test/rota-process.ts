import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

export interface Ending {
  /** Null after a kill. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RotaProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ending>;
  /** Waits until stderr has this text. */
  untilSaid(text: string): Promise<void>;
}

/** A fresh folder with the given files; it is gone after the test. */
export function makeFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "rota-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Limits that are shared among tests, and not with what else runs on the machine. */
const OF_TESTS = { ROTA_LIMITS_DIR: process.env["ROTA_LIMITS_DIR"] };

/** Starts the command in a folder, in an environment of its own. */
export function startRota(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RotaProcess {
  // Without "--" Node itself would take an --env-file that is meant for the command.
  const child = spawn(process.execPath, ["--", main, ...args], {
    cwd: folder,
    env: { ...OF_TESTS, ...environment },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Ending>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  const untilSaid = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (stderr.includes(text)) resolve();
      };
      child.stderr.on("data", look);
      child.on("close", () => reject(new Error(`never said "${text}":\n${stderr}`)));
      look();
    });
  return { child, ended, untilSaid };
}

/** Runs the command to its end. */
export function runRota(
  folder: string,
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<Ending> {
  return startRota(folder, args, environment).ended;
}
