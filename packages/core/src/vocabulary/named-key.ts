import type { Problem } from "./problem.ts";
import type { Secret } from "./secret.ts";

/** A named credential, bound to the one endpoint it may be sent to. */
export interface NamedKey {
  readonly name: string;
  readonly secret: Secret;
  /** What the server counts this key's requests against. */
  readonly limitGroup: string;
  readonly endpoint: Endpoint;
  /** Models it may serve; undefined means all. */
  readonly models: readonly string[] | undefined;
}

export interface Endpoint {
  /** With its path, without a trailing slash: `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly organization: string | undefined;
  readonly project: string | undefined;
}

/** Limits that a group was granted for one model. A limit left out is learned. */
export interface RateLimits {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** Requests in flight at one time. */
  readonly concurrency?: number | undefined;
}

/** Stands for every model that a limit group has no entry of its own for. */
export const ANY_MODEL = "*";

/** What the key ring is built from: validated, complete, secrets resolved. */
export interface KeyRingConfiguration {
  readonly keys: readonly NamedKey[];
  /** By limit group, then by model or `ANY_MODEL`. */
  readonly limits: ReadonlyMap<string, ReadonlyMap<string, RateLimits>>;
  /** What should be mended, though the keys can be used. */
  readonly warnings?: readonly Problem[] | undefined;
}
