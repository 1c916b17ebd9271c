import {
  createRedaction,
  findEnvironmentKeys,
  keysFromSecrets,
  loadKeys,
  type KeyRingConfiguration,
  type Problem,
  type ReportProblem,
  Secret,
} from "@rota/core";
import type { Runner } from "./runner.ts";

/** `name=secret`. What holds nothing but "=" is no secret: it is how base64 ends. */
const KEY_LINE = /^(?<name>[\w.-]+)\s*=\s*(?!=+$)(?<secret>.*)$/;

/**
 * Keeps every secret that the step can see out of the log, and out of all else that the runner is
 * told. A line that is no key may be a bare secret.
 */
export function protectSecrets(runner: Runner): void {
  const written = readKeyLines(runner).map(
    (line) => KEY_LINE.exec(line)?.groups?.["secret"] ?? line,
  );
  const inherited = findEnvironmentKeys(runner.environment).map(({ secretText }) => secretText);
  const secrets = [...written, ...inherited].filter((secret) => secret !== "");
  for (const secret of secrets) runner.mask(secret);
  runner.protect(createRedaction(secrets.map((secret) => new Secret(secret))));
}

/**
 * Reads the keys of the workflow or, without any, those of the environment. A key file is not
 * looked for: it could send keys elsewhere, and on a pull request anybody may have written it.
 * @param report takes what is wrong with a line; the line itself is never repeated
 * @returns undefined when something was reported
 * @throws ProblemsError for what cannot be used, at once; it shows no secret
 */
export function readKeys(runner: Runner, report: ReportProblem): KeyRingConfiguration | undefined {
  const baseUrl = runner.readInput("endpoint").trim() || undefined;
  const lines = readKeyLines(runner);
  if (lines.some((line) => line !== "")) {
    const secrets = parseKeyLines(lines, report);
    return secrets && keysFromSecrets(secrets, { baseUrl });
  }
  if (findEnvironmentKeys(runner.environment).length === 0) {
    report(NO_KEY);
    return undefined;
  }
  const endpoint = baseUrl === undefined ? undefined : { baseUrl };
  return loadKeys({ environment: runner.environment, endpoint });
}

const NO_KEY: Problem = {
  code: "no-key",
  message: "there is no API key",
  remedy: 'Give the input "keys" lines of name=secret, or set OPENAI_API_KEY in "env:"',
};

function readKeyLines(runner: Runner): string[] {
  return runner
    .readInput("keys")
    .split(/\r?\n/)
    .map((line) => line.trim());
}

function parseKeyLines(
  lines: readonly string[],
  report: ReportProblem,
): ReadonlyMap<string, string> | undefined {
  const secrets = new Map<string, string>();
  let isRight = true;
  for (const [index, line] of lines.entries()) {
    if (line === "") continue;
    const { name = "", secret = "" } = KEY_LINE.exec(line)?.groups ?? {};
    const mistake = findMistake(name, secret, secrets);
    if (mistake) report({ ...mistake, message: `line ${index + 1} of "keys" ${mistake.message}` });
    isRight &&= mistake === undefined;
    secrets.set(name, secret);
  }
  return isRight ? secrets : undefined;
}

function findMistake(
  name: string,
  secret: string,
  earlier: ReadonlyMap<string, string>,
): Problem | undefined {
  if (name === "") {
    const remedy = "Write each key on a line of its own, as name=secret";
    return { code: "option", message: "is not of the form name=secret", remedy };
  }
  if (secret === "") {
    const remedy = "Check the name of the secret; pull requests from forks are given none";
    return { code: "secret-unavailable", message: "has no secret", remedy };
  }
  if (earlier.has(name)) {
    const remedy = "Give every key a name of its own";
    return { code: "duplicate", message: "has the name of an earlier one", remedy };
  }
  return undefined;
}
