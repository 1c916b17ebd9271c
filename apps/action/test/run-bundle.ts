import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const repository = fileURLToPath(new URL("../../../", import.meta.url));
const bundle = fileURLToPath(new URL("../dist/index.js", import.meta.url));

export interface StepEnding {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * A workspace with the given files, in a folder of its own as on a runner: journals are kept beside
 * it. Both are gone after the test.
 */
export function makeWorkspace(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "rota-action-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const workspace = join(folder, "repository");
  mkdirSync(workspace);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(workspace, name), text);
  return workspace;
}

/** A workspace as a checkout would make it, with the project's fixtures. */
export function checkOutFixtures(): string {
  const workspace = makeWorkspace();
  cpSync(join(repository, "fixtures"), join(workspace, "fixtures"), { recursive: true });
  return workspace;
}

/** Starts the bundle as the runner starts a step, and waits for its end. */
export async function runStep(
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
  whileRunning: (child: ReturnType<typeof spawn>) => void = () => {},
): Promise<StepEnding> {
  const runner = join(workspace, "..", "_temp");
  mkdirSync(runner, { recursive: true });
  const outputFile = join(runner, "output");
  const summaryFile = join(runner, "summary.md");
  for (const file of [outputFile, summaryFile]) writeFileSync(file, "");
  const named = Object.entries(inputs).map(([name, value]) => [
    `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`,
    value,
  ]);
  const child = spawn(process.execPath, [bundle], {
    cwd: workspace,
    env: {
      ROTA_LIMITS_DIR: process.env["ROTA_LIMITS_DIR"],
      GITHUB_ACTIONS: "true",
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: summaryFile,
      GITHUB_RUN_ID: "1",
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: runner,
      ...Object.fromEntries(named),
      ...environment,
    },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  whileRunning(child);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const summary = readFileSync(summaryFile, "utf8");
  return { code, stdout, stderr, summary, outputs: parseOutputs(readFileSync(outputFile, "utf8")) };
}

/** `name<<DELIMITER`, lines of the value, `DELIMITER`. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name = "", , value = ""] of text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm)) {
    outputs[name] = value;
  }
  return outputs;
}
