import {
  keysFromSecrets,
  loadKeys,
  type KeyRingConfiguration,
  type Problem,
  ProblemsError,
} from "@rota/core";
import type { Runner } from "./runner.ts";

/** What a workflow asks for, checked. */
export interface ActionInputs {
  readonly pipelineFile: string;
  readonly rowsFile: string;
  readonly keys: KeyRingConfiguration;
  /** Empty for what the pipeline writes. */
  readonly outputFiles: readonly string[];
  readonly concurrency: number | undefined;
  readonly maxErrorRate: number | undefined;
}

type Report = (message: string, remedy: string) => void;

/**
 * Reads and checks the inputs of the step. Secrets are masked before anything else is looked at.
 * @throws ProblemsError with everything that is wrong; it shows no secret
 */
export function readInputs(runner: Runner): ActionInputs {
  const keyLines = readLines(runner, "keys");
  // A line without "=" may be a bare secret, so it is masked whole.
  for (const line of keyLines) runner.mask(splitKeyLine(line)?.secret || line);

  const problems: Problem[] = [];
  const report: Report = (message, remedy) =>
    void problems.push({ code: "option", message, remedy });
  const inputs = {
    pipelineFile: readFile(runner, "pipeline", report),
    rowsFile: readFile(runner, "rows", report),
    outputFiles: readLines(runner, "output"),
    concurrency: readNumber(runner, "concurrency", isCount, "a whole number above 0", report),
    maxErrorRate: readNumber(runner, "max-error-rate", isShare, "a number from 0 to 1", report),
  };
  const secrets = readSecrets(keyLines, report);
  let keys: KeyRingConfiguration | undefined;
  try {
    keys = openKeys(runner, secrets);
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    problems.push(...error.problems);
  }
  if (problems.length > 0 || !keys) throw new ProblemsError(problems);
  return { ...inputs, keys };
}

function readLines(runner: Runner, name: string): string[] {
  return runner
    .readInput(name)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function readFile(runner: Runner, name: string, report: Report): string {
  const file = runner.readInput(name).trim();
  if (file === "") report(`the input "${name}" is missing`, `Name a file in "with: ${name}:"`);
  return file;
}

function readNumber(
  runner: Runner,
  name: string,
  isAllowed: (value: number) => boolean,
  meaning: string,
  report: Report,
): number | undefined {
  const text = runner.readInput(name).trim();
  if (text === "") return undefined;
  const value = Number(text);
  if (isAllowed(value)) return value;
  report(`the input "${name}" is ${meaning}, not "${text}"`, `Write ${meaning}, or leave it out`);
  return undefined;
}

const isCount = (value: number) => Number.isInteger(value) && value > 0;
const isShare = (value: number) => value >= 0 && value <= 1;

function splitKeyLine(line: string): { name: string; secret: string } | undefined {
  const at = line.indexOf("=");
  if (at < 1) return undefined;
  return { name: line.slice(0, at).trim(), secret: line.slice(at + 1).trim() };
}

function readSecrets(lines: readonly string[], report: Report): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const key = splitKeyLine(line);
    const place = `line ${index + 1} of the input "keys"`;
    if (!key) {
      report(`${place} has no name`, "Write each key as name=secret");
    } else if (key.secret === "") {
      report(
        `${place} has no secret for the key "${key.name}"`,
        "Check that the workflow's secret exists and may be read here (not by forks)",
      );
    } else if (secrets.has(key.name)) {
      report(`${place} names the key "${key.name}" a second time`, "Give every key its own name");
    } else {
      secrets.set(key.name, key.secret);
    }
  }
  return secrets;
}

/** Keys of the workflow; without any, those of the environment, as the command takes them. */
function openKeys(runner: Runner, secrets: ReadonlyMap<string, string>): KeyRingConfiguration {
  const endpoint = runner.readInput("endpoint").trim();
  if (runner.readInput("keys").trim() !== "") {
    return keysFromSecrets(secrets, endpoint === "" ? {} : { baseUrl: endpoint });
  }
  const keys = loadKeys({
    environment: runner.environment,
    ...(endpoint !== "" && { endpoint: { baseUrl: endpoint } }),
  });
  for (const { secret } of keys.keys) runner.mask(secret.reveal());
  return keys;
}
