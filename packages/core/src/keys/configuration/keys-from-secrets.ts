import type { KeyRingConfiguration } from "../../vocabulary/named-key.ts";
import { ProblemsError } from "../../vocabulary/problem.ts";
import { bindSecrets } from "./bind-secrets.ts";
import { NO_KEY } from "./no-key.ts";
import { DEFAULT_BASE_URL } from "./parse-base-url.ts";

/**
 * Makes keys out of secrets by name. They share one limit group.
 * @param options.baseUrl where they are sent. @default "https://api.openai.com/v1"
 * @throws ProblemsError for everything that cannot be used, at once.
 */
export function keysFromSecrets(
  secrets: ReadonlyMap<string, string>,
  options: { readonly baseUrl?: string | undefined } = {},
): KeyRingConfiguration {
  if (secrets.size === 0) throw new ProblemsError([NO_KEY]);
  const unbound = [...secrets].map(([keyName, text]) => {
    return { keyName, text, origin: `the secret of key "${keyName}"` };
  });
  return bindSecrets(unbound, {
    baseUrl: options.baseUrl ?? DEFAULT_BASE_URL,
    origin: "the endpoint",
  });
}
