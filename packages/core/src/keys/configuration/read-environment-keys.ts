import type { KeyRingConfiguration } from "../../vocabulary/named-key.ts";
import { ProblemsError } from "../../vocabulary/problem.ts";
import { bindSecrets } from "./bind-secrets.ts";
import type { Environment } from "./environment.ts";
import { NO_KEY } from "./no-key.ts";
import { DEFAULT_BASE_URL } from "./parse-base-url.ts";

/** `OPENAI_API_KEY` is the key `default`, `OPENAI_API_KEY_TEAM_A` the key `team-a`. */
const KEY_VARIABLE = /^OPENAI_API_KEY(?:_(.+))?$/;

/** A variable that a key is taken from. */
export interface EnvironmentKey {
  readonly variable: string;
  readonly keyName: string;
  /** The secret as it is set, without the space around it; never empty. It must never be shown. */
  readonly secretText: string;
}

/**
 * The variables that keys are taken from: `default` comes first, the others by name. The one place
 * that knows their names: whoever hides secrets asks here, so that none is read and not hidden.
 */
export function findEnvironmentKeys(environment: Environment): EnvironmentKey[] {
  return Object.keys(environment)
    .toSorted(new Intl.Collator("en", { numeric: true }).compare)
    .flatMap((variable) => {
      const match = KEY_VARIABLE.exec(variable);
      const secretText = readVariable(environment, variable);
      if (!match || secretText === undefined) return [];
      const keyName = (match[1] ?? "default").toLowerCase().replaceAll("_", "-");
      return [{ variable, keyName, secretText }];
    });
}

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
  const secrets = findEnvironmentKeys(environment).map(({ variable, keyName, secretText }) => ({
    keyName,
    origin: variable,
    text: secretText,
  }));
  if (secrets.length === 0) throw new ProblemsError([NO_KEY]);
  return bindSecrets(secrets, {
    baseUrl: endpoint ?? readVariable(environment, "OPENAI_BASE_URL") ?? DEFAULT_BASE_URL,
    origin: endpoint === undefined ? "OPENAI_BASE_URL" : "the endpoint",
    organization: readVariable(environment, "OPENAI_ORG_ID"),
    project: readVariable(environment, "OPENAI_PROJECT_ID"),
  });
}

function readVariable(environment: Environment, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}
