import {
  findKeyFile,
  loadKeys,
  ProblemsError,
  type KeyRingConfiguration,
  type Problem,
} from "@rota/core";
import { describeKeySource } from "../../keys/describe-key-source.ts";
import { protectEnvironment, protectSecrets } from "../../keys/protect-keys.ts";
import { readEnvironment } from "../../keys/read-environment.ts";
import type { Terminal } from "../../terminal/terminal.ts";

export interface CheckedKeys {
  /** Undefined where there are none. */
  readonly configuration: KeyRingConfiguration | undefined;
  /** Secrets that are not here at the moment. */
  readonly missingSecrets: readonly Problem[];
}

/**
 * Loads the keys as far as a check needs them. To have no key, or not its secret, is no mistake:
 * there is the simulator, and the one who checks (a CI job, say) may not be the one who runs.
 * @throws ProblemsError for anything else.
 */
export function loadKeysIfAny(
  terminal: Terminal,
  options: { readonly keyFile: string | undefined; readonly envFile: string | undefined },
): CheckedKeys {
  const environment = readEnvironment(terminal.environment, options.envFile);
  protectEnvironment(terminal, environment);
  const file = options.keyFile ?? findKeyFile(".");
  if (describeKeySource(file, environment) === undefined) {
    return { configuration: undefined, missingSecrets: [] };
  }
  try {
    const configuration = loadKeys({ file, environment });
    protectSecrets(
      terminal,
      configuration.keys.map(({ secret }) => secret),
    );
    return { configuration, missingSecrets: [] };
  } catch (error) {
    if (!(error instanceof ProblemsError) || !error.problems.every(isSecretMissing)) throw error;
    return {
      configuration: loadKeys({ file, environment, endpoint: NO_ENDPOINT }),
      missingSecrets: error.problems,
    };
  }
}

function isSecretMissing({ code }: Problem): boolean {
  return code === "secret-unavailable";
}

/** Nothing is sent in a check. */
const NO_ENDPOINT = { baseUrl: "https://localhost", secretFor: () => "none" };
