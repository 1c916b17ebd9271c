import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { ProblemsError } from "@rota/core";
import type { Environment } from "../terminal/terminal.ts";

/**
 * The environment, filled up from an env file. As with Node's own `--env-file`, what is set
 * already wins.
 *
 * Node takes `--env-file` for its own even behind the script's name: it has then read the file
 * already, to the same effect, or ended with its own message and code 9 if there is none.
 * @throws ProblemsError when the file cannot be read.
 */
export function readEnvironment(
  environment: Environment,
  envFile: string | undefined,
): Environment {
  if (envFile === undefined) return environment;
  return { ...parseEnv(readEnvFile(envFile)), ...environment };
}

function readEnvFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const message = "the environment file cannot be read";
    const remedy = "Give --env-file a file that is there and readable";
    throw new ProblemsError([{ code: "file-unreadable", file, message, remedy }], { cause });
  }
}
