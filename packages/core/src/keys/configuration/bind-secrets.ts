import type { KeyRingConfiguration, NamedKey } from "../../vocabulary/named-key.ts";
import { type Problem, ProblemsError } from "../../vocabulary/problem.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { KEY_NAME, WRONG_KEY_NAME } from "./key-name.ts";
import { parseBaseUrl } from "./parse-base-url.ts";
import { parseSecret } from "./parse-secret.ts";

/**
 * One group for all keys that come without a key file. Keys of one project share their limits, and
 * nothing here tells projects apart. Taken for separate, keys of one project would be paced at
 * several times what was granted and throttled all the time; taken for one, keys of several
 * projects are only slower than they could be, until a key file tells their groups.
 */
const SHARED_LIMIT_GROUP = "default";

export interface UnboundSecret {
  readonly keyName: string;
  /** What messages call it. */
  readonly origin: string;
  readonly text: string;
}

export interface Address {
  readonly baseUrl: string;
  /** What messages call it. */
  readonly origin: string;
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
}

/**
 * Makes keys out of secrets that come without a key file, all bound to one address.
 * @throws ProblemsError for everything that cannot be used, at once.
 */
export function bindSecrets(
  secrets: readonly UnboundSecret[],
  { baseUrl: written, origin: writtenAt, organization, project }: Address,
): KeyRingConfiguration {
  const problems: Problem[] = [];
  const url = parseBaseUrl(written);
  if (!("baseUrl" in url)) {
    problems.push({ code: "invalid-value", ...url, message: `${writtenAt}: ${url.message}` });
  }
  const baseUrl = "baseUrl" in url ? url.baseUrl : written;
  const keys = new Map<string, NamedKey>();
  for (const { keyName: name, origin, text } of secrets) {
    const parsed = parseSecret(text);
    if (!KEY_NAME.test(name)) {
      const message = `${origin}: ${WRONG_KEY_NAME.message}`;
      problems.push({ ...WRONG_KEY_NAME, code: "invalid-value", message });
    } else if ("fault" in parsed) {
      const message = `${origin} ${parsed.fault}`;
      problems.push({ code: "secret-unavailable", message, remedy: parsed.remedy });
    } else if (keys.has(name)) {
      const message = `${origin} makes a second key named "${name}"`;
      problems.push({ code: "duplicate", message, remedy: "Rename or remove one of them" });
    } else {
      keys.set(name, {
        name,
        secret: parsed.secret,
        limitGroup: SHARED_LIMIT_GROUP,
        endpoint: { baseUrl, organization, project },
        models: undefined,
      });
    }
  }
  if (problems.length > 0) throw new ProblemsError(problems.map(hideSecrets));
  return { keys: [...keys.values()], limits: new Map() };
}
