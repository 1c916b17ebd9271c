import type { KeyRingConfiguration } from "../../vocabulary/named-key.ts";
import { ProblemsError } from "../../vocabulary/problem.ts";
import type { Environment } from "./environment.ts";
import { keysFromSecrets } from "./keys-from-secrets.ts";
import { readEnvironmentKeys } from "./read-environment-keys.ts";
import { readKeyFile } from "./read-key-file.ts";

/** Sends keys elsewhere than where they would go by themselves. */
export interface EndpointOverride {
  readonly baseUrl: string;
  /**
   * Makes a stand-in secret for each key, another for each name. With it no real secret is read, so
   * that the keys of a key file may go to another server too; without a key file there is one key,
   * `default`. Without it only the environment's keys can be redirected.
   */
  readonly secretFor?: ((keyName: string) => string) | undefined;
}

/**
 * Loads the keys of a key file, or without one those of the environment.
 * @throws ProblemsError with everything that is wrong; it shows no secret.
 */
export function loadKeys(options: {
  readonly file?: string | undefined;
  readonly environment: Environment;
  readonly endpoint?: EndpointOverride | undefined;
}): KeyRingConfiguration {
  const { file, environment, endpoint } = options;
  if (endpoint?.secretFor) {
    const { baseUrl, secretFor } = endpoint;
    return file === undefined
      ? keysFromSecrets(new Map([["default", secretFor("default")]]), { baseUrl })
      : readKeyFile(file, environment, { baseUrl, secretFor });
  }
  if (file === undefined) return readEnvironmentKeys(environment, endpoint?.baseUrl);
  if (endpoint) throw new ProblemsError([{ ...FILE_KEYS_ARE_BOUND, file }]);
  return readKeyFile(file, environment);
}

const FILE_KEYS_ARE_BOUND = {
  code: "option",
  message: "an endpoint cannot be combined with a key file, whose keys are bound to their servers",
  remedy:
    "Write the endpoint as baseUrl of a limit group in the key file, or leave one of the two out",
} as const;
