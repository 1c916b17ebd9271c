import { readTextFile } from "../../document/read-text-file.ts";
import { readYaml } from "../../document/read-yaml.ts";
import { validateDocument } from "../../document/validate-document.ts";
import type { KeyRingConfiguration } from "../../vocabulary/named-key.ts";
import { type Problem, ProblemsError } from "../../vocabulary/problem.ts";
import { completeKeyFile, type StandIn } from "./complete-key-file.ts";
import type { Environment } from "./environment.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { keyFileSchema } from "./key-file-schema.ts";

/**
 * Reads a key file and the secrets that it points to. Keys are bound to the origin that the file
 * names for them: nothing in the environment changes it.
 * @throws ProblemsError with everything that is wrong, without showing any secret.
 */
export function readKeyFile(
  file: string,
  environment: Environment,
  standIn?: StandIn,
): KeyRingConfiguration {
  const problems: Problem[] = [];
  const report = (problem: Problem) => problems.push(problem);
  try {
    const document = readYaml(readTextFile(file), file);
    const { value, problems: wrong } = validateDocument(document, keyFileSchema);
    problems.push(...wrong);
    const configuration =
      value && completeKeyFile(value, { document, environment, standIn, report });
    if (configuration && problems.length === 0) return configuration;
  } catch (error) {
    // Not kept as the cause: it shows lines of the file as they are.
    if (!(error instanceof ProblemsError)) throw error;
    problems.push(...error.problems);
  }
  throw new ProblemsError(problems.map(hideSecrets));
}
