import type { KeyRingConfiguration } from "../../vocabulary/named-key.ts";
import { ProblemsError } from "../../vocabulary/problem.ts";
import { bindSecrets, type UnboundSecret } from "./bind-secrets.ts";
import type { Environment } from "./environment.ts";
import { NO_KEY } from "./no-key.ts";
import { DEFAULT_BASE_URL } from "./parse-base-url.ts";

/** `OPENAI_API_KEY` is the key `default`, `OPENAI_API_KEY_TEAM_A` the key `team-a`. */
const KEY_VARIABLE = /^OPENAI_API_KEY(?:_(.+))?$/;

/**
 * Makes keys out of the variables that the official SDK reads, and of `OPENAI_API_KEY_<NAME>` for
 * further keys. An empty variable counts as one that is not set, as in the SDK.
 * @param endpoint a base URL to use instead of `OPENAI_BASE_URL`.
 * @throws ProblemsError when there is no key, or for everything that cannot be used, at once.
 */
export function readEnvironmentKeys(
  environment: Environment,
  endpoint: string | undefined,
): KeyRingConfiguration {
  const secrets = listKeyVariables(environment);
  if (secrets.length === 0) throw new ProblemsError([NO_KEY]);
  return bindSecrets(secrets, {
    baseUrl: endpoint ?? readVariable(environment, "OPENAI_BASE_URL") ?? DEFAULT_BASE_URL,
    origin: endpoint === undefined ? "OPENAI_BASE_URL" : "the endpoint",
    organization: readVariable(environment, "OPENAI_ORG_ID"),
    project: readVariable(environment, "OPENAI_PROJECT_ID"),
  });
}

/** `default` comes first, the others by name. */
function listKeyVariables(environment: Environment): UnboundSecret[] {
  return Object.keys(environment)
    .toSorted(new Intl.Collator("en", { numeric: true }).compare)
    .flatMap((variable) => {
      const match = KEY_VARIABLE.exec(variable);
      const text = readVariable(environment, variable);
      if (!match || text === undefined) return [];
      const keyName = (match[1] ?? "default").toLowerCase().replaceAll("_", "-");
      return [{ keyName, origin: variable, text }];
    });
}

function readVariable(environment: Environment, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}
