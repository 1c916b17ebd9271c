import { suggestName } from "../../document/suggest-name.ts";
import type { YamlDocument } from "../../document/yaml-document.ts";
import type {
  Endpoint,
  KeyRingConfiguration,
  NamedKey,
  RateLimits,
} from "../../vocabulary/named-key.ts";
import { type Problem, ProblemsError } from "../../vocabulary/problem.ts";
import { Secret } from "../../vocabulary/secret.ts";
import type { Environment } from "./environment.ts";
import type { KeyFile, LimitGroup } from "./key-file-schema.ts";
import { DEFAULT_BASE_URL, parseBaseUrl } from "./parse-base-url.ts";
import { parseSecret } from "./parse-secret.ts";
import { findExposedFile, readSecretSource } from "./secret-source.ts";

/** Takes the place of every endpoint and secret of a key file; no source of a secret is read then. */
export interface StandIn {
  readonly baseUrl: string;
  readonly secretFor: (keyName: string) => string;
}

interface Context {
  readonly document: YamlDocument;
  readonly environment: Environment;
  readonly standIn: StandIn | undefined;
  readonly report: (problem: Problem) => void;
}

/**
 * Fills in what a key file leaves out, and fetches its secrets. A group that is named by keys only
 * is one with the default endpoint and without known limits. What is wrong is reported; then the
 * result lacks it.
 */
export function completeKeyFile(written: KeyFile, context: Context): KeyRingConfiguration {
  const declared = new Map(Object.entries(written.limitGroups ?? {}));
  const named = new Set(Object.entries(written.keys).map(([name, key]) => key.limitGroup ?? name));
  checkGroupsAreUsed(declared, named, context);

  const endpoints = new Map<string, Endpoint | undefined>();
  for (const name of new Set([...declared.keys(), ...named])) {
    endpoints.set(name, completeEndpoint(name, declared.get(name), context));
  }
  const keys = Object.entries(written.keys).flatMap(([name, { secret: source, ...key }]) => {
    const limitGroup = key.limitGroup ?? name;
    const secret = completeSecret(name, source, context);
    const endpoint = endpoints.get(limitGroup);
    return secret && endpoint ? [{ name, secret, limitGroup, endpoint, models: key.models }] : [];
  });
  checkSecretsDiffer(keys, context);

  const limits = new Map<string, ReadonlyMap<string, RateLimits>>();
  for (const [name, group] of declared)
    limits.set(name, new Map(Object.entries(group.limits ?? {})));
  return { keys, limits, warnings: findExposedSecrets(written, context) };
}

function completeEndpoint(
  groupName: string,
  { baseUrl: written, organization, project }: LimitGroup = {},
  { document, standIn, report }: Context,
): Endpoint | undefined {
  const parsed = parseBaseUrl(written ?? DEFAULT_BASE_URL);
  if ("baseUrl" in parsed) {
    return { baseUrl: standIn?.baseUrl ?? parsed.baseUrl, organization, project };
  }
  report(
    document.problem(["limitGroups", groupName, "baseUrl"], { code: "invalid-value", ...parsed }),
  );
  return undefined;
}

function completeSecret(keyName: string, source: string, context: Context): Secret | undefined {
  const { document, environment, standIn, report } = context;
  if (standIn) return new Secret(standIn.secretFor(keyName));
  const refuse = (message: string, remedy: string) => {
    const what = { code: "secret-unavailable", message, remedy } as const;
    report(document.problem(["keys", keyName, "secret"], what));
    return undefined;
  };
  try {
    const text = readSecretSource(source, document.file, environment);
    if (text === undefined)
      return refuse(`the variable of "${source}" is not set`, "Set it to the key");
    const parsed = parseSecret(text);
    return "secret" in parsed
      ? parsed.secret
      : refuse(`the secret of "${source}" ${parsed.fault}`, parsed.remedy);
  } catch (error) {
    const [problem] = error instanceof ProblemsError ? error.problems : [];
    if (!problem) throw error;
    return refuse(`the secret of "${source}" cannot be read: ${problem.message}`, problem.remedy);
  }
}

/** Each file is named once, however many keys it holds. */
function findExposedSecrets({ keys }: KeyFile, { document, standIn }: Context): Problem[] {
  if (standIn) return [];
  const exposed = new Map<string, Problem>();
  for (const [name, { secret: source }] of Object.entries(keys)) {
    const file = findExposedFile(source, document.file);
    if (file === undefined || exposed.has(file)) continue;
    const message = `every user of this machine may read the secret of "${source}"`;
    const remedy = `Let its owner alone read it: chmod 600 ${file}`;
    const what = { code: "secret-exposed", message, remedy } as const;
    exposed.set(file, document.problem(["keys", name, "secret"], what));
  }
  return [...exposed.values()];
}

/** Limits that apply to nothing are most likely a slip of the pen, and would show only as 429s. */
function checkGroupsAreUsed(
  declared: ReadonlyMap<string, LimitGroup>,
  named: ReadonlySet<string>,
  { document, report }: Context,
): void {
  const undeclared = [...named].filter((name) => !declared.has(name));
  for (const name of declared.keys()) {
    if (named.has(name)) continue;
    const meant = suggestName(name, undeclared);
    const message = `no key is in the limit group "${name}"`;
    const remedy =
      meant === undefined
        ? "Name it as the limitGroup of a key, or remove it"
        : `A key names "${meant}"; write the same in both places`;
    report(
      document.problem(["limitGroups", name], { code: "unknown-key", message, remedy }, "key"),
    );
  }
}

/** Two names for one key would count its usage and health apart. With another project it is another key. */
function checkSecretsDiffer(keys: readonly NamedKey[], { document, report }: Context): void {
  const names = new Map<string, string>();
  for (const { name, secret, endpoint } of keys) {
    const identity = JSON.stringify([secret.reveal(), endpoint]);
    const earlier = names.get(identity);
    if (earlier !== undefined) {
      const message = `"${name}" has the same secret as "${earlier}"`;
      const remedy = "Give it a secret of its own, or keep one of the two";
      report(document.problem(["keys", name, "secret"], { code: "duplicate", message, remedy }));
    }
    names.set(identity, earlier ?? name);
  }
}
